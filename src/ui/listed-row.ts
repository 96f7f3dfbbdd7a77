// What `list` shows of a connection: the columns, and for pipes why the grant ends.
import type { Cell } from '../model/command.ts';
import type { Connection } from '../model/connection.ts';
import { accountCell, lifeCells, textCell } from './cells.ts';

export const listedColumns = ['name', 'account', 'app', 'access token', 'grant ends'] as const;

export function listedRow(connection: Connection, nowAt: number): readonly Cell[] {
  return [
    textCell(connection.name),
    accountCell(connection),
    textCell(connection.app),
    ...lifeCells(connection, nowAt),
  ];
}
