// A plain `list` into a pipe, answered without loading the program. Anything unusual is left to the slow way, which also
// finds the words for it.
import { connectionFromFacts } from './connections/facts.ts';
import { readFastSettings } from './model/fast-settings.ts';
import { resolvePaths } from './model/paths.ts';
import type { Env, Files } from './model/ports.ts';
import { parseRecordFile } from './stores/open-record.ts';
import { recordNameOf, sealedFiles, treeLayout } from './stores/tree-layout.ts';
import { createFastPorts } from './system/fast-ports.ts';
import { createStreams } from './system/streams.ts';
import { listedRow } from './ui/listed-row.ts';
import { pipedLines } from './ui/piped-lines.ts';

export interface FastListWorld {
  readonly env: Env;
  readonly files: Pick<Files, 'readOwn' | 'list' | 'join' | 'resolve'>;
  readonly nowAt: number;
}

/** In the real world; `args` without node and script. The exit code, or undefined when the slow way must answer. */
export async function fast(args: readonly string[]): Promise<number | undefined> {
  const streams = createStreams();
  if (args.length !== 1 || streams.outIsTerminal) return undefined;
  const text = await pipedList(createFastPorts());
  if (text === undefined) return undefined;
  // What stdout cannot take the slow way cannot print either, and it has the words.
  return streams.out(text).then(
    () => 0,
    () => undefined,
  );
}

/** The whole answer; undefined when a record cannot be read, when something else lies there, or when there is nothing. */
export async function pipedList({ env, files, nowAt }: FastListWorld): Promise<string | undefined> {
  try {
    const paths = resolvePaths({}, env, files);
    // Something may be required of the seal key.
    const settings = await readFastSettings(files, paths.config);
    if (settings === undefined || env.get('OAUTHCTL_REQUIRE_PROTECTION') !== undefined) return undefined;
    const layout = treeLayout(files, paths.data);
    const folder = layout.recordFolder('connections');
    const rows: (readonly string[])[] = [];
    for (const fileName of await sealedFiles(files, layout, 'connections')) {
      const name = recordNameOf(fileName);
      const text = await files.readOwn(files.join(folder, fileName));
      if (name === undefined || text === undefined) return undefined;
      const { binding, facts } = parseRecordFile(text, { kind: 'connections', name });
      rows.push(listedRow(connectionFromFacts(name, binding, facts), nowAt).map((cell) => cell.text));
    }
    rows.sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
    return rows.length === 0 ? undefined : pipedLines(rows);
  } catch {
    return undefined;
  }
}
