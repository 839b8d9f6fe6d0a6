import { createHash } from 'node:crypto';
import type Router from '@koa/router';
import { getRawBody } from 'raw-body';
import { types } from 'node:util';
import { letterSender } from '../senders.ts';
import { senderOf, senderWith, type ApiParts } from './context.ts';
import { isId, parseStatus } from './letter-part.ts';
import { openRecipient, refusedBy } from './recipient.ts';
import { Problem } from './problems.ts';

/** Largest body, in bytes. */
const largest = 16 * 1024;

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const addStatusRoutes = (router: Router, parts: ApiParts): void => {
  router.put(
    '/api/applications/:application/statuses/:status',
    senderWith(parts, 'postfach:deliver', true),
    async (ctx) => {
      const { application = '', status: statusId = '' } = ctx.params;
      if (!uuid.test(application) || !isId(statusId))
        throw new Problem('envelope_invalid', { detail: 'the application id must be a UUID, the status id short' });
      if (ctx.is('application/json') !== 'application/json')
        throw new Problem('envelope_invalid', { detail: 'the body must be application/json' });
      let raw;
      try {
        raw = await getRawBody(ctx.req, { limit: largest });
      } catch (error) {
        const status = types.isNativeError(error) && 'status' in error ? error.status : undefined;
        throw new Problem(status === 413 ? 'too_large' : 'envelope_invalid');
      }
      const { recipient, createdDate, ...given } = parseStatus(raw);
      const sender = senderOf(ctx);
      if (sender.services !== undefined && !sender.services.includes(given.publicServiceName))
        throw new Problem('sender_not_allowed', { detail: 'publicServiceName: not one of this sender' });
      const { mailbox } = await openRecipient(parts, recipient, sender);
      const { statusDetails, additionalInformation, reference, ...rest } = given;
      const { outcome, receivedAt } = await parts.records.applications.addStatus(
        mailbox,
        { sender: letterSender(sender), applicationId: application.toLowerCase(), statusId },
        {
          ...rest,
          createdAt: createdDate,
          ...(statusDetails === undefined ? {} : { statusDetails }),
          ...(additionalInformation === undefined ? {} : { additionalInformation }),
          ...(reference === undefined ? {} : { reference }),
        },
        createHash('sha512').update(raw).digest('hex'),
      );
      if (outcome === 'conflict') throw new Problem('status_exists', { detail: 'another status has this id' });
      if (outcome === 'gone' || outcome === 'moved') throw refusedBy(outcome);
      ctx.status = outcome === 'stored' ? 201 : 200;
      ctx.body = {
        application_id: application.toLowerCase(),
        status_id: statusId,
        received_at: new Date(receivedAt).toISOString(),
      };
    },
  );
};
