/** Our own few icons: 20 by 20, drawn with the text's colour, silent for screen readers. */
const paths = {
  play: 'M6 4.2v11.6L15.5 10z',
  list: 'M7.5 5.5h9M7.5 10h9M7.5 14.5h9M3.6 5.5h.01M3.6 10h.01M3.6 14.5h.01',
  sun: 'M10 6.6a3.4 3.4 0 1 0 0 6.8 3.4 3.4 0 0 0 0-6.8zM10 1.8v1.8M10 16.4v1.8M1.8 10h1.8M16.4 10h1.8M4.2 4.2l1.3 1.3M14.5 14.5l1.3 1.3M4.2 15.8l1.3-1.3M14.5 5.5l1.3-1.3',
  moon: 'M16.5 11.8A7 7 0 0 1 8.2 3.5a7 7 0 1 0 8.3 8.3z',
  screen: 'M3 4h14v9.5H3zM7.5 16.8h5M10 13.5v3.3',
  check: 'M4.2 10.6l3.9 3.9 7.7-8.6',
  cross: 'M5.2 5.2l9.6 9.6M14.8 5.2l-9.6 9.6',
  stop: 'M5.5 5.5h9v9h-9z',
  question: 'M7.4 7.6a2.7 2.7 0 1 1 3.7 2.5c-.8.4-1.1.9-1.1 1.9M10 15h.01',
  warning: 'M10 3.2 17.6 16.4H2.4zM10 8.2v3.6M10 14h.01',
  clock: 'M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4zM10 6v4.2l2.8 1.8',
  wave: 'M2.5 10h3l2-5.2 4.2 10.4 2.2-5.2h3.6',
  copy: 'M7 7h9.5v9.5H7zM13 7V3.5H3.5V13H7',
  link: 'M8.4 11.6a3.4 3.4 0 0 0 4.9 0l2.6-2.6a3.4 3.4 0 0 0-4.9-4.9l-1 1M11.6 8.4a3.4 3.4 0 0 0-4.9 0L4.1 11a3.4 3.4 0 0 0 4.9 4.9l1-1',
  download: 'M10 3v9.5M6 8.8l4 4 4-4M3.5 16.5h13',
  fork: 'M6 3.5v8.2M6 16.5v-4.8c0-2 1.4-3.2 4-3.2s4-1.4 4-3.5V3.5M4.2 5.2 6 3.4l1.8 1.8M12.2 5.2 14 3.4l1.8 1.8',
  again: 'M16.2 10a6.2 6.2 0 1 1-1.9-4.5M16.4 3v3.4H13',
  book: 'M10 5.4C8.4 4.2 6 3.8 3 4v11.4c3-.2 5.4.2 7 1.4 1.6-1.2 4-1.6 7-1.4V4c-3-.2-5.4.2-7 1.4zM10 5.4v11.4',
  note: 'M5 3.2h10.2v13.6H5zM8 3.2v13.6M10.6 6.8h2.2M10.6 9.6h2.2',
  pin: 'M7 3h6M8 3v5l-2.2 3.2h8.4L12 8V3M10 11.2V17',
  eye: 'M2.5 10c1.8-3.2 4.3-4.8 7.5-4.8s5.7 1.6 7.5 4.8c-1.8 3.2-4.3 4.8-7.5 4.8S4.3 13.2 2.5 10zM10 7.8a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4z',
  eyeOff:
    'M2.5 10c1.8-3.2 4.3-4.8 7.5-4.8s5.7 1.6 7.5 4.8c-1.8 3.2-4.3 4.8-7.5 4.8S4.3 13.2 2.5 10zM4 16.5 16 3.5',
  search: 'M8.8 3.4a5.4 5.4 0 1 0 0 10.8 5.4 5.4 0 0 0 0-10.8zM12.8 12.8l4 4',
  info: 'M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4zM10 9.2v4.6M10 6.2v.6',
  lock: 'M5 9h10v8H5zM7 9V6.4a3 3 0 0 1 6 0V9',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  );
}

/** The mark of the workbench: three parties, one of them you. */
export function Mark({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path
        d="M16 7 6.5 24h19z"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinejoin="round"
      />
      <g stroke="currentColor" strokeWidth="2" fill="var(--ground)">
        <circle cx="6.5" cy="24" r="4" />
        <circle cx="25.5" cy="24" r="4" />
      </g>
      <circle cx="16" cy="7" r="4.6" fill="var(--accent)" />
    </svg>
  );
}
