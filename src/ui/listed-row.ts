// What `list` shows of a connection.
import type { Cell } from '../model/command.ts';
import type { Connection } from '../model/connection.ts';
import { accessCell, accountCell, instantCell, textCell } from './cells.ts';

export const listedColumns = ['name', 'account', 'app', 'access token', 'grant ends'] as const;

export function listedRow(connection: Connection, nowAt: number): readonly Cell[] {
  return [
    textCell(connection.name),
    accountCell(connection),
    textCell(connection.app),
    accessCell(connection, nowAt),
    instantCell(connection.grant.endsAt, nowAt),
  ];
}
