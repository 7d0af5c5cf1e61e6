import type { Metadata } from 'next';
import { Empty } from './_components/states.tsx';

export const metadata: Metadata = { title: 'Not found' };

export default function NotFound() {
  return (
    <Empty title="There is no such page" action={{ href: '/results', word: 'See all results' }}>
      The address may be mistyped. Runs keep their addresses; a permalink can be taken back by its
      owner.
    </Empty>
  );
}
