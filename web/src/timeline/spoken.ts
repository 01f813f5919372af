import { plural } from '../lib/format';

/** "1 minute 2 seconds 3 frames" of a timecode `HH:MM:SS:FF`. */
export function spokenTimecode(label: string): string {
  const [hours = 0, minutes = 0, seconds = 0, frames = 0] = label.split(/[:;]/).map(Number);
  const parts = [
    hours && plural(hours, 'hour'),
    minutes && plural(minutes, 'minute'),
    plural(seconds, 'second'),
    plural(frames, 'frame'),
  ];
  return parts.filter(Boolean).join(' ');
}

/** Where the playhead is, for those who hear it: place and how many notes are there. */
export function spokenPlace(label: string, notesHere: number): string {
  const notes = notesHere ? `, ${plural(notesHere, 'note')} here` : '';
  return spokenTimecode(label) + notes;
}
