// Makes the clips that the tests share, so that tests beside each other do not make the same one at once.
import { clipsTool, codedCuts, controlClip, lightClip, makeClips, SMALL_SET } from './lib/clips.mjs';

if (clipsTool) {
  lightClip();
  controlClip();
  codedCuts();
  makeClips(SMALL_SET, 8);
}
