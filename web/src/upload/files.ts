/** A file somebody chose or dropped. */
export interface PickedFile {
  file: File;
  /** Where it lay in the folder that was dropped: "A003/A003C014.mov". */
  relativePath: string | null;
}

export interface Picked {
  files: PickedFile[];
  /** How many were left out of folders because they are no films. */
  leftOut: number;
}

const filmEndings = new Set(
  'mov mp4 m4v mxf mkv webm avi mts m2ts ts mpg mpeg m2v vob ogv wmv flv 3gp dv r3d braw nut y4m gif'.split(' '),
);

/** Reads what was dropped, folders with everything beneath them. Must be called inside the drop event. */
export async function readDrop(transfer: DataTransfer): Promise<Picked> {
  // The entries must be taken before the first pause; afterwards the list is empty.
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0)
    return { files: [...transfer.files].map((file) => ({ file, relativePath: null })), leftOut: 0 };
  const picked: Picked = { files: [], leftOut: 0 };
  for (const entry of entries) await walk(entry, picked, 'chosen');
  return inOrder(picked);
}

/** Reads a file input, with or without `webkitdirectory`. */
export function readInput(list: FileList): Picked {
  const picked: Picked = { files: [], leftOut: 0 };
  for (const file of list) {
    const relativePath = file.webkitRelativePath || null;
    if (relativePath && !isFilm(file.name)) picked.leftOut += isHidden(file.name) ? 0 : 1;
    else picked.files.push({ file, relativePath });
  }
  return inOrder(picked);
}

/** Whether a file found in a folder is worth sending. What was chosen by name is always sent. */
export function isFilm(name: string): boolean {
  const ending = name.split('.').at(-1)?.toLowerCase() ?? '';
  return !isHidden(name) && name.includes('.') && filmEndings.has(ending);
}

function isHidden(name: string): boolean {
  return name.startsWith('.') || name === 'Thumbs.db' || name === 'desktop.ini';
}

async function walk(entry: FileSystemEntry, picked: Picked, how: 'chosen' | 'found'): Promise<void> {
  if (entry.isFile) {
    if (how === 'found' && !isFilm(entry.name)) {
      picked.leftOut += isHidden(entry.name) ? 0 : 1;
      return;
    }
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    picked.files.push({ file, relativePath: how === 'found' ? entry.fullPath.replace(/^\//, '') : null });
    return;
  }
  for (const child of await children(entry as FileSystemDirectoryEntry)) await walk(child, picked, 'found');
}

/** A directory reader gives at most a hundred entries per call. */
async function children(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return all;
    all.push(...some);
  }
}

function inOrder(picked: Picked): Picked {
  const path = ({ file, relativePath }: PickedFile) => relativePath ?? file.name;
  picked.files.sort((a, b) => path(a).localeCompare(path(b), 'en', { numeric: true }));
  return picked;
}

/**
 * Recognises the same file when it is chosen again after a reload: name, size and time of change. The folder is left
 * out, because a single file chosen later has none. Hashed so that the header stays short; not a proof of equal bytes.
 */
export function fingerprint(file: { name: string; size: number; lastModified: number }): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(file.name)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return `${file.size.toString(36)}-${file.lastModified.toString(36)}-${hash.toString(36)}`;
}
