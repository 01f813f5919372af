import type { Rate } from '../api/types';

export type RateChoice = 'file' | '23.976' | '24' | '25' | '29.97' | '30' | '50' | '59.94' | '60';

/** Frame rates a project can be set to; "file" leaves it to each file. */
export const rateChoices: { value: RateChoice; label: string }[] = [
  { value: 'file', label: 'From the file' },
  ...(['23.976', '24', '25', '29.97', '30', '50', '59.94', '60'] as const).map((value) => ({
    value,
    label: `${value} fps`,
  })),
];

/** The exact fraction behind the name. */
export function rateOf(choice: RateChoice): Rate | null {
  switch (choice) {
    case 'file':
      return null;
    case '23.976':
      return { num: 24000, den: 1001 };
    case '29.97':
      return { num: 30000, den: 1001 };
    case '59.94':
      return { num: 60000, den: 1001 };
    case '24':
    case '25':
    case '30':
    case '50':
    case '60':
      return { num: Number(choice), den: 1 };
  }
}
