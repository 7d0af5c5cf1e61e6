import type { Metadata } from 'next';
import { LearnCalibration } from './learn-calibration.tsx';

export const metadata: Metadata = { title: 'Calibration' };

export default function CalibrationPage() {
  return <LearnCalibration />;
}
