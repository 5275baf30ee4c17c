// Runs in CloudFront before each request (CloudFront Functions, JavaScript runtime 2.0, which knows no for-of) and answers
// whoever is not on the list. The prefixes are what addresses begin with in binary, after 4 or 6 for their version.
const PREFIXES = [];

function handler(event) {
  const bits = bitsOf(event.viewer.ip);
  if (bits !== '' && PREFIXES.some((prefix) => bits.startsWith(prefix))) return event.request;
  return {
    statusCode: 403,
    statusDescription: 'Forbidden',
    headers: { 'cache-control': { value: 'no-store' } },
  };
}

function bitsOf(address) {
  return address.includes(':') ? bitsOfIPv6(address) : bitsOfIPv4(address);
}

function bitsOfIPv4(address) {
  const parts = address.split('.');
  const isGood = parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
  return isGood ? '4' + binary(parts, 10, 8) : '';
}

function bitsOfIPv6(address) {
  const halves = address.split('::');
  const head = halves[0] === '' ? [] : halves[0].split(':');
  const tail = halves.length < 2 || halves[1] === '' ? [] : halves[1].split(':');
  const missing = 8 - head.length - tail.length;
  const isGood =
    (halves.length === 1 ? missing === 0 : halves.length === 2 && missing > 0) &&
    head.concat(tail).every((part) => /^[\da-f]{1,4}$/i.test(part));
  return isGood ? '6' + binary(head, 16, 16) + '0'.repeat(16 * missing) + binary(tail, 16, 16) : '';
}

function binary(parts, base, width) {
  return parts.map((part) => parseInt(part, base).toString(2).padStart(width, '0')).join('');
}
