import { Home } from './_home/home.tsx';

export default function HomePage() {
  return <Home />;
}
