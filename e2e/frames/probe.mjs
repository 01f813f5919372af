// Works the player from inside its page and reads the picture it paints. Runs in pages, so it uses nothing from
// outside itself.

/** Puts `probe` on the page. `read` is what `barcodeReader` makes. */
export function playerProbe(read) {
  const LIMIT_MS = 5_000;
  const part = (name) => document.querySelector(`[data-testid="${name}"]`);
  const player = () => part('player');
  const nextPaint = () => new Promise((done) => requestAnimationFrame(done));

  /** The frame the player says it shows; null while it does not know. */
  function shown() {
    const { frame } = player().dataset;
    return frame === '' ? null : Number(frame);
  }

  /** What lies on top where the picture is: a canvas where one is shown, else the video. */
  function picture() {
    const video = player().querySelector('video');
    const canvas = [...video.parentElement.querySelectorAll('canvas')].find((one) => one.checkVisibility());
    return canvas ?? video;
  }

  /** The number painted in the picture; null for a void read. */
  function painted() {
    const image = picture();
    const width = image.videoWidth ?? image.width;
    const height = image.videoHeight ?? image.height;
    return width > 0 ? read(image, { x: 0, y: 0, width, height }) : null;
  }

  /** Resolves with the time at which `look` first held, or null after the limit. */
  function changed(look) {
    return new Promise((resolve) => {
      const observer = new MutationObserver(() => look() && end(performance.now()));
      const timer = setTimeout(() => end(null), LIMIT_MS);
      const end = (time) => {
        observer.disconnect();
        clearTimeout(timer);
        resolve(time);
      };
      observer.observe(player(), { attributes: true });
      if (look()) end(performance.now());
    });
  }

  const isPausedOn = (frame) => player().dataset.state === 'paused' && shown() === frame;

  /** Waits until the player says it is finished on `asked`, then reads what it shows. */
  async function result(asked, began) {
    const ended = await changed(() => isPausedOn(asked));
    if (ended === null) return { asked, finished: false, state: { ...player().dataset } };
    return { asked, finished: true, shown: shown(), painted: painted(), ms: ended - began };
  }

  /** Types a frame number into the go-to dialog. */
  async function goTo(frame) {
    part('goto').click();
    while (!part('goto-field')) await nextPaint();
    const field = part('goto-field');
    field.value = String(frame);
    field.dispatchEvent(new Event('input', { bubbles: true }));
    const began = performance.now();
    field.form.requestSubmit();
    const seen = await result(frame, began);
    while (part('goto-field')) await nextPaint();
    return seen;
  }

  /** Presses the button for one frame forward or back. */
  function step(by) {
    const asked = shown() + by;
    const began = performance.now();
    part(by > 0 ? 'step-forward' : 'step-back').click();
    return result(asked, began);
  }

  /** Plays on for `frames`, pauses, and reads. Whatever the player then says is what it must show. */
  async function pauseAfter(frames) {
    const from = shown();
    part('play').click();
    const played = await changed(() => player().dataset.state === 'playing' && shown() >= from + frames);
    const began = performance.now();
    part('play').click();
    const ended = await changed(() => player().dataset.state === 'paused' && shown() !== null);
    if (played === null || ended === null) return { asked: null, finished: false, state: { ...player().dataset } };
    return { asked: shown(), finished: true, shown: shown(), painted: painted(), ms: ended - began };
  }

  /** Plays for a time and tells, paint by paint, what was said and what was painted. */
  async function play(milliseconds) {
    part('play').click();
    await changed(() => player().dataset.state === 'playing');
    const samples = [];
    const end = performance.now() + milliseconds;
    while (performance.now() < end && player().dataset.state === 'playing') {
      await nextPaint();
      const sample = { shown: shown(), painted: painted() };
      if (sample.shown !== null && sample.painted !== null) samples.push(sample);
    }
    if (player().dataset.state === 'playing') part('play').click();
    await changed(() => player().dataset.state === 'paused');
    return samples;
  }

  globalThis.probe = { goTo, step, pauseAfter, play, result, shown, painted };
}
