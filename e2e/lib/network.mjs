// A network as slow as a journey needs it. Chromium only.

/** Lets `page` send at most so many bytes a second; gives what lifts that. */
export async function slowUploads(page, bytesPerSecond) {
  const session = await page.context().newCDPSession(page);
  const set = (uploadThroughput) =>
    session.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput,
    });
  await session.send('Network.enable');
  await set(bytesPerSecond);
  return () => set(-1);
}
