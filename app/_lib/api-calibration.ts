'use client';
/** How good expectations of latency were; grows with every run. */
import { useQuery } from '@tanstack/react-query';
import type { CalibrationView } from '../../server/api/schemas/latency.ts';
import { answer, type Answer } from './api.ts';
import { useTRPC } from './trpc.ts';

export function useCalibration(): Answer<CalibrationView> {
  const trpc = useTRPC();
  return answer(useQuery(trpc.learn.calibration.queryOptions()));
}
