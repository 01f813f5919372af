// Words that become script where a page is careless. Each would set `globalThis.bitten`.

export const HOSTILE = [
  '<script>globalThis.bitten=1</script>',
  '<img src=x onerror="globalThis.bitten=2">',
  '"><svg onload=globalThis.bitten=3>',
  "'-(globalThis.bitten=4)-'",
  '</textarea><iframe srcdoc="<script>parent.bitten=5</script>">',
  '<a href="javascript:globalThis.bitten=6">press</a>',
  '{{constructor.constructor("globalThis.bitten=7")()}}',
  '<math><mtext><table><mglyph><style><img src=x onerror=globalThis.bitten=8>',
  '<details open ontoggle=globalThis.bitten=9>',
  '${globalThis.bitten=10}',
];
