export type ReadoutForm = 'timecode' | 'frames' | 'clock';

interface Kept {
  volume: number;
  muted: boolean;
  quality: string | null;
  readout: ReadoutForm;
  characters: boolean;
}

const KEY = 'picturelock.player';
const USUAL: Kept = { volume: 1, muted: false, quality: null, readout: 'timecode', characters: true };

/** How a person likes the player, kept on this device. */
export class PlayerPreferences {
  volume = $state(USUAL.volume);
  muted = $state(USUAL.muted);
  /** The proxy chosen by hand; null leaves the choice to us. */
  quality = $state(USUAL.quality);
  readout = $state(USUAL.readout);
  /** Whether single characters are shortcuts. */
  characters = $state(USUAL.characters);

  constructor() {
    const kept = read();
    this.volume = kept.volume;
    this.muted = kept.muted;
    this.quality = kept.quality;
    this.readout = kept.readout;
    this.characters = kept.characters;
  }

  /** Keeps the present state; call it inside an effect. */
  keep(): void {
    const { volume, muted, quality, readout, characters } = this;
    write({ volume, muted, quality, readout, characters });
  }
}

/** The proxy to begin with: small on small screens and metered or slow networks, otherwise the largest. */
export function firstQuality(names: string[], chosen: string | null): string {
  if (chosen && names.includes(chosen)) return chosen;
  const network = (navigator as { connection?: { saveData?: boolean; effectiveType?: string } }).connection;
  const slow = network?.saveData || (network?.effectiveType !== undefined && network.effectiveType !== '4g');
  const small = matchMedia('(max-width: 720px), (max-height: 480px)').matches;
  return (slow || small ? names.at(-1) : names[0]) ?? '';
}

function read(): Kept {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Kept>;
    const volume = typeof kept.volume === 'number' ? Math.min(1, Math.max(0, kept.volume)) : USUAL.volume;
    return { ...USUAL, ...kept, volume };
  } catch {
    return USUAL;
  }
}

function write(kept: Kept): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing still plays.
  }
}
