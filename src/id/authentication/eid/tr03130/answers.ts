import { eidOperations, eidTypes, type EidOperation, type EidType } from '../port.ts';
import { namespaces, resultMajor, schemas, type SoapOperation } from './names.ts';
import { elementOf, type PreSharedKey } from './requests.ts';
import { childNamed, children, MessageRefused, textOf, type Element } from './xml.ts';

/** dss:Result. */
export interface ResultCode {
  readonly ok: boolean;
  readonly minor: string | undefined;
}

export interface UseIdAnswer {
  readonly result: ResultCode;
  readonly sessionId: string | undefined;
  readonly eCardServerAddress: string | undefined;
  readonly psk: PreSharedKey | undefined;
}

export type OperationAnswer = 'ALLOWED' | 'PROHIBITED' | 'NOTONCHIP';

/** The element `<operation>Response`; its own namespace may be missing, never a foreign one. @throws MessageRefused */
export const expectAnswer = (content: Element, operation: SoapOperation): Element => {
  const namespace = content.namespaceURI ?? '';
  if (content.localName !== `${operation}Response` || (namespace !== namespaces.eid && namespace !== '')) {
    throw new MessageRefused(`not an answer to ${operation}`);
  }
  return content;
};

/** @throws MessageRefused when there is no Result */
export const readResult = (answer: Element): ResultCode => {
  const result = childNamed(answer, 'Result');
  const major = textOf(result, 'ResultMajor');
  if (major === undefined || major === '') throw new MessageRefused('no Result');
  return { ok: major === resultMajor.ok, minor: textOf(result, 'ResultMinor') };
};

/** @throws MessageRefused */
export const readUseId = (answer: Element): UseIdAnswer => {
  const psk = childNamed(answer, 'PSK');
  const id = textOf(psk, 'ID');
  const key = textOf(psk, 'Key');
  return {
    result: readResult(answer),
    sessionId: textOf(childNamed(answer, 'Session'), 'ID'),
    eCardServerAddress: textOf(answer, 'eCardServerAddress'),
    psk: id !== undefined && key !== undefined ? { id, key } : undefined,
  };
};

/** An operation's element under any of its names. @throws MessageRefused when it is there twice */
export const operationElement = (parent: Element | undefined, operation: EidOperation): Element | undefined => {
  const names = new Set(schemas.map((schema) => elementOf(operation, schema)));
  const found = [...names].map((name) => childNamed(parent, name)).filter((element) => element !== undefined);
  if (found.length > 1) throw new MessageRefused(`${operation} twice`);
  return found[0];
};

/** OperationsAllowedByUser; an operation that is not named is PROHIBITED. @throws MessageRefused */
export const readAllowedByUser = (answer: Element): ReadonlyMap<EidOperation, OperationAnswer> => {
  const list = childNamed(answer, 'OperationsAllowedByUser');
  return new Map(
    eidOperations.map((operation) => {
      const text = operationElement(list, operation)?.textContent?.trim();
      return [operation, text === 'ALLOWED' || text === 'NOTONCHIP' ? text : 'PROHIBITED'];
    }),
  );
};

/** EIDTypeResponse names the one type that was used. @throws MessageRefused when it names two, or one that nobody knows */
export const readEidType = (answer: Element): EidType | undefined => {
  const response = childNamed(answer, 'EIDTypeResponse');
  const used = response ? children(response).filter((type) => type.textContent?.trim() === 'USED') : [];
  if (used.length === 0) return undefined;
  const type = eidTypes.find((name) => name === used[0]?.localName);
  if (type === undefined || used.length > 1) throw new MessageRefused('unknown eID type');
  return type;
};

/** The version, and the operations that the certificate allows. @throws MessageRefused */
export const readServerInfo = (answer: Element): { version: string; allowed: ReadonlySet<EidOperation> } => {
  const version = childNamed(answer, 'ServerVersion');
  const rights = childNamed(answer, 'DocumentVerificationRights');
  if (rights === undefined) throw new MessageRefused('no DocumentVerificationRights');
  const numbers = ['Major', 'Minor', 'Bugfix']
    .map((part) => textOf(version, part))
    .filter((part) => part !== undefined);
  const allowed = eidOperations.filter(
    (operation) => operationElement(rights, operation)?.textContent?.trim() === 'ALLOWED',
  );
  return { version: textOf(version, 'VersionString') ?? numbers.join('.'), allowed: new Set(allowed) };
};
