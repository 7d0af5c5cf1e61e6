/** How values of options are read from the command line. */
import { InvalidArgumentError } from 'commander';

/** @throws InvalidArgumentError for anything but 1, 2, 3, ... */
export const wholeNumber = (text: string): number => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError('Give a whole number of at least 1.');
};
