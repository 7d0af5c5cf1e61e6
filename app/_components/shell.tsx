'use client';
/** What stands around every page: top bar, skip link, phone bar, and the meaning of the marks. */
import { clsx } from 'clsx';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { Icon, Mark, type IconName } from './icon.tsx';
import { PaletteHost } from './palette/palette-host.tsx';
import { ProvenanceLegend } from './provenance.tsx';
import classes from './shell.module.css';
import { SystemPill } from './system-pill.tsx';
import { ThemeToggle } from './theme-toggle.tsx';
import { Who } from './who.tsx';

const places: readonly { href: string; word: string; icon: IconName; owns: readonly string[] }[] = [
  { href: '/new', word: 'Run', icon: 'play', owns: ['/new'] },
  { href: '/results', word: 'Results', icon: 'list', owns: ['/results', '/runs'] },
  { href: '/papers', word: 'Papers', icon: 'copy', owns: ['/papers'] },
  { href: '/n', word: 'Notebooks', icon: 'note', owns: ['/n'] },
  { href: '/training', word: 'Training', icon: 'wave', owns: ['/training'] },
  { href: '/learn', word: 'Learn', icon: 'book', owns: ['/learn'] },
];

export function Shell({ children }: { children: ReactNode }) {
  const pathname = usePathname();
  const links = places.map(({ href, word, icon, owns }) => (
    <Link
      key={href}
      href={href}
      className={classes.place}
      aria-current={
        owns.some((path) => pathname === path || pathname.startsWith(`${path}/`))
          ? 'page'
          : undefined
      }
    >
      <Icon name={icon} />
      {word}
    </Link>
  ));
  return (
    <>
      <a href="#content" className={classes.skip}>
        Skip to content
      </a>
      <header className={classes.header}>
        <div className={classes.bar}>
          <Link href="/" className={classes.brand}>
            <Mark />
            <span>Parley</span>
          </Link>
          <nav aria-label="Main" className={classes.wide}>
            {links}
          </nav>
          <div className={classes.right}>
            <PaletteHost />
            <SystemPill />
            <Who />
            <ThemeToggle />
          </div>
        </div>
      </header>
      <main id="content" className={classes.main} tabIndex={-1}>
        {children}
      </main>
      <footer className={classes.footer}>
        <div className={classes.footerInner}>
          <ProvenanceLegend />
          <p>
            <Link href="/learn/glossary#semi-honest">Semi-honest</Link> security. Parties on one
            host have no privacy against that host&rsquo;s owner.
          </p>
        </div>
      </footer>
      <nav aria-label="Main" className={clsx(classes.phone)}>
        {links}
      </nav>
    </>
  );
}
