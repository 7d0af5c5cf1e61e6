import { redirect } from 'next/navigation';

/** There is one page of this kind so far. */
export default function LearnPage() {
  redirect('/learn/protocols');
}
