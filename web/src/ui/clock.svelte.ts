/** The present, moving on twice a minute, so that "2 days left" does not grow stale on an open page. */
class Clock {
  now = $state(Date.now());

  constructor() {
    setInterval(() => (this.now = Date.now()), 30_000);
  }
}

export const clock = new Clock();
