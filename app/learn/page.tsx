import type { Metadata } from 'next';
import Link from 'next/link';
import { Stack } from '../_components/panel.tsx';
import classes from './learn.module.css';

export const metadata: Metadata = { title: 'Learn' };

const pages = [
  {
    href: '/learn/protocols',
    title: 'Protocols',
    text: 'Who computes, who is trusted, what each role sees, and what every operation costs.',
  },
  {
    href: '/learn/approximations',
    title: 'Approximations',
    text: 'What stands in for GeLU, SiLU and softmax: formula, error curve, domain and cost.',
  },
  {
    href: '/learn/models',
    title: 'Models',
    text: 'Every model and data set here: shape, source, licence, and which have random weights.',
  },
  {
    href: '/learn/networks',
    title: 'Networks',
    text: 'How a link is imposed and certified, what goes wrong easily, and the settings of the papers.',
  },
  {
    href: '/learn/glossary',
    title: 'Glossary',
    text: 'What each word means here, which bytes are counted, and over what.',
  },
  {
    href: '/papers',
    title: 'Papers',
    text: 'What three papers printed, cell by cell, beside what the engine gives here.',
  },
  {
    href: '/learn/calibration',
    title: 'Calibration',
    text: 'How well latencies are predicted before a run: predicted against measured, with the score.',
  },
  {
    href: '/learn/api',
    title: 'API',
    text: 'Runs, results and comparisons over HTTP, for scripts and other programs.',
  },
];

export default function LearnPage() {
  return (
    <Stack gap={24}>
      <div>
        <h1>Learn</h1>
        <p className={classes.lead}>
          What secure inference does, what it costs and what it does not protect. Start with the
          protocols; the glossary has every word.
        </p>
      </div>
      <ul className={classes.cards}>
        {pages.map(({ href, title, text }) => (
          <li key={href} className={classes.card}>
            <h2>
              <Link href={href}>{title}</Link>
            </h2>
            <p>{text}</p>
          </li>
        ))}
      </ul>
    </Stack>
  );
}
