import type { Metadata } from 'next';
import { LearnGlossary } from './learn-glossary.tsx';

export const metadata: Metadata = { title: 'Glossary' };

export default function GlossaryPage() {
  return <LearnGlossary />;
}
