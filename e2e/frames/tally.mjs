// What the observations of one clip in one browser come to.

/**
 * Counts what `measure` saw. `stored` is the list of notes as the server has them, `stills` the numbers read from
 * their stills by id of the note.
 */
export function tally(clip, seen, stored, stills) {
  const number = (frame) => clip.numbers[frame];
  const finished = seen.operations.filter((one) => one.finished);
  const readable = finished.filter((one) => one.painted !== null);
  const wrong = readable.filter((one) => one.shown !== one.asked || one.painted !== number(one.shown));
  const byText = new Map(stored.map((comment) => [comment.text, comment]));
  const wrongNotes = seen.comments.filter(({ text, painted, shown }) => {
    const comment = byText.get(text);
    const { first, last } = comment?.anchor ?? {};
    return first !== shown || last !== first || number(first) !== painted;
  });
  const wrongStills = stored.filter(({ id, anchor }) => stills.has(id) && stills.get(id) !== number(anchor.first));
  return {
    operations: seen.operations.length,
    wrong: wrong.length,
    void: finished.length - readable.length,
    unfinished: seen.operations.length - finished.length,
    pictures: seen.pictures.length,
    wrongPictures: seen.pictures.filter(({ painted, pictured }) => painted !== pictured).length,
    notes: seen.comments.length,
    wrongNotes: wrongNotes.length,
    stills: stills.size,
    wrongStills: wrongStills.length,
    play: played(clip, seen.samples),
    seek: spread(finished, ['seek', 'edge']),
    step: spread(finished, ['step']),
    examples: [...wrong, ...seen.operations.filter((one) => !one.finished)].slice(0, 5),
  };
}

/** Whether a row has nothing in it that must not be. */
export function isFaultless(row) {
  const faults = [row.wrong, row.void, row.unfinished, row.wrongPictures, row.wrongNotes, row.wrongStills];
  return faults.every((count) => count === 0) && row.play.backwards === 0 && row.faults.length === 0;
}

/** Rows as a table that fits a terminal. */
export function table(rows) {
  const head = ['clip', 'browser', 'ops', 'wrong', 'void', 'unfin', 'shots', 'notes', 'stills'];
  const more = ['play off>1', 'worst', 'back', 'seek p50/p95', 'step p50/p95'];
  const lines = rows.map(({ clip, browser, ...row }) => [
    clip,
    browser,
    row.operations,
    row.wrong,
    row.void,
    row.unfinished,
    `${row.wrongPictures}/${row.pictures}`,
    `${row.wrongNotes}/${row.notes}`,
    `${row.wrongStills}/${row.stills}`,
    `${row.play.off}/${row.play.samples}`,
    row.play.worst,
    row.play.backwards,
    `${row.seek.p50}/${row.seek.p95} ms`,
    `${row.step.p50}/${row.step.p95} ms`,
  ]);
  const all = [[...head, ...more], ...lines].map((cells) => cells.map(String));
  const widths = all[0].map((_, column) => Math.max(...all.map((cells) => cells[column].length)));
  return all
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** How far the number said during play was from the picture, in frames. */
function played(clip, samples) {
  const ordinal = new Map(clip.numbers.map((number, frame) => [number, frame]));
  const distances = samples.map(({ shown, painted }) => Math.abs(shown - (ordinal.get(painted) ?? Infinity)));
  const off = distances.filter((distance) => distance > 1);
  const backwards = samples.filter(({ shown }, i) => i > 0 && shown < samples[i - 1].shown);
  return { samples: samples.length, off: off.length, worst: Math.max(0, ...distances), backwards: backwards.length };
}

function spread(operations, kinds) {
  const times = operations.filter(({ kind, ms }) => kinds.includes(kind) && ms !== undefined).map(({ ms }) => ms);
  times.sort((a, b) => a - b);
  const at = (part) => (times.length > 0 ? Math.round(times[Math.floor((times.length - 1) * part)]) : '-');
  return { p50: at(0.5), p95: at(0.95) };
}
