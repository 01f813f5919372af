/** Puts the cursor into the first field of a page or dialog. */
export function focusFirst(node: HTMLElement): void {
  node.focus();
}
