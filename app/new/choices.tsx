'use client';
/** Cards where there is room for them, names with details on demand where there is not. */
import { ChoiceCards } from '../_components/choice.tsx';
import { CompactChoices } from './compact-choices.tsx';
import { usePhone } from './use-phone.ts';

type ChoicesProps = Parameters<typeof ChoiceCards>[0] & {
  /** Names also where there is room. */
  readonly compact?: boolean;
};

export function Choices({ compact = false, ...props }: ChoicesProps) {
  const phone = usePhone();
  return compact || phone ? <CompactChoices {...props} /> : <ChoiceCards {...props} />;
}
