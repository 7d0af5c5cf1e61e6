import type { Metadata } from 'next';
import Link from 'next/link';
import { Panel, Stack } from '../_components/panel.tsx';

export const metadata: Metadata = { title: 'Learn' };

const pages = [
  {
    href: '/learn/protocols',
    title: 'Protocols',
    text: 'Who computes, who is trusted, what each role sees, and what every operation costs.',
  },
  {
    href: '/learn/networks',
    title: 'Networks',
    text: 'How a link is imposed and certified, what goes wrong easily, and the settings of the papers.',
  },
];

export default function LearnPage() {
  return (
    <Stack gap={28}>
      <h1>Learn</h1>
      {pages.map(({ href, title, text }) => (
        <Panel key={href} title={<Link href={href}>{title}</Link>}>
          <p>{text}</p>
        </Panel>
      ))}
    </Stack>
  );
}
