// A named pipe, or what a shell makes of `<(command)`: read to its end, for a bounded time. An ordinary read of one whose writer never comes can
// neither be cancelled nor outlived by the process (https://nodejs.org/api/fs.html#threadpool-usage).
import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { fileError } from './file-errors.ts';
import { longestFile, tooLarge } from './own-file.ts';

const deadlineMs = 10_000;

/** Without a writer it is empty. */
export function readPipe(path: string): Promise<Buffer> {
  const fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let pipe: Socket;
    try {
      pipe = new Socket({ fd, readable: true, writable: false });
    } catch (error) {
      closeSync(fd);
      return reject(error);
    }
    const fail = (error: Error) => {
      clearTimeout(deadline);
      pipe.destroy();
      reject(error);
    };
    const late = () => fail(fileError('other', path, `nothing was written to its end within ${deadlineMs / 1000} s`));
    const deadline = setTimeout(late, deadlineMs);
    pipe.on('data', (chunk) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size > longestFile) fail(tooLarge(path));
    });
    pipe.on('error', fail);
    pipe.on('end', () => {
      clearTimeout(deadline);
      pipe.destroy();
      resolve(Buffer.concat(chunks));
    });
  });
}
