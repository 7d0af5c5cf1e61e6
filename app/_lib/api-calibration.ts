'use client';
/** How good expectations of latency were; grows with every run. */
import { useQuery } from '@tanstack/react-query';
import type { CalibrationView, InOrderScore } from '../../server/api/schemas/latency.ts';
import { answer, type Answer } from './api.ts';
import { useTRPC } from './trpc.ts';

export function useCalibration(): Answer<CalibrationView> {
  const trpc = useTRPC();
  return answer(useQuery(trpc.learn.calibration.queryOptions()));
}

/** What would have been said of stored runs; foretells up to some hundreds, so it is asked for on its own. */
export function useCalibrationInOrder(): Answer<InOrderScore> {
  const trpc = useTRPC();
  return answer(useQuery(trpc.learn.calibrationInOrder.queryOptions()));
}
