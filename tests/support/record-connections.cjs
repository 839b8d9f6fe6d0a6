/**
 * Loaded into every Node process of a run by NODE_OPTIONS: writes down where it connects to and which names it looks up,
 * one line each, into the file that BAYERN_ID_TEST_CONNECTIONS names. A name that is looked up is a request, too.
 */
const { appendFileSync } = require('node:fs');
const dgram = require('node:dgram');
const dns = require('node:dns');
const net = require('node:net');

const file = process.env['BAYERN_ID_TEST_CONNECTIONS'];
const record = (kind, target) => appendFileSync(file, `${kind} ${target}\n`);

/** Puts a function in front of a method of a prototype. */
const before = (prototype, name, look) => {
  const method = Reflect.get(prototype, name);
  prototype[name] = function (...all) {
    look(all);
    return Reflect.apply(method, this, all);
  };
};

before(net.Socket.prototype, 'connect', (all) => {
  const [options] = Array.isArray(all[0])
    ? all[0]
    : typeof all[0] === 'object'
      ? all
      : [{ port: all[0], host: all[1] }];
  record('connect', options.path ?? options.host ?? 'localhost');
});

for (const owner of [dns, dns.promises])
  for (const name of Object.keys(owner).filter((key) => /^(lookup|resolve|reverse)/.test(key))) {
    const ask = owner[name];
    owner[name] = (host, ...rest) => {
      record('name', host);
      return ask(host, ...rest);
    };
  }

before(dgram.Socket.prototype, 'send', (all) => {
  record('datagram', all.find((item) => typeof item === 'string' && /[.:]/.test(item)) ?? 'localhost');
});
