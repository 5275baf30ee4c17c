export { hideContact } from './hide-contact.ts';
export { ObservedContact, observedContact } from './observed-contact.ts';
