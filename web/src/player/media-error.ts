/** A sentence for a person about why the picture failed, and what to do. */
export function mediaSentence(error: unknown): string {
  const code = error instanceof MediaError ? error.code : 0;
  switch (code) {
    case MediaError.MEDIA_ERR_NETWORK:
      return 'The connection broke while the video was loading. Your notes are safe; try again.';
    case MediaError.MEDIA_ERR_DECODE:
      return 'This browser failed to decode the video. Try again, or choose the other quality.';
    case MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED:
      return 'The video cannot be opened: it was removed, the link ended, or this browser cannot play H.264.';
    default:
      return 'The picture could not be shown. Try again.';
  }
}
