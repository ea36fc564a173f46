// The client as it is written must be what is declared of it: it must compile.

import type * as declared from '../../../main/javascript/index.js';
import {Client, connect, SluiceEvent} from '../../../main/javascript/client.js';
import * as errors from '../../../main/javascript/errors.js';
import {Subscription} from '../../../main/javascript/subscription.js';

type Shape<T> = {[K in keyof T]: T[K]};

export function clientIsAsDeclared(it: Client): Omit<Shape<declared.Client>, keyof EventTarget> {
  return it;
}

export function subscriptionIsAsDeclared(it: Subscription): Shape<declared.Subscription> {
  return it;
}

export function errorIsAsDeclared(it: errors.PartialPublishError): Shape<declared.PartialPublishError> {
  return it;
}

export const connectIsAsDeclared: (...how: Parameters<typeof declared.connect>) => Client = connect;
export const event: new (type: string, details: Record<string, any>) => Event = SluiceEvent;
