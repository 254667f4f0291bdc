/** Set by the web server on every request, over whatever the client sent: who asks, by network address. */
export const ADDRESS_HEADER = "x-carrel-address";

/** Set by the web server on every request and answer: the name of this request in the log. */
export const REQUEST_ID_HEADER = "x-request-id";
