/** Bounds on what hostile or broken peers can make us hold. Each says what happens at the bound. */

/** A message head longer than this is relayed but not framed any more ("unparsed"). Browsers and Tomcat stop at 8-64 KiB. */
export const maxHeadBytes = 1024 * 1024 + 64 * 1024;
/** Body bytes kept per message unless --body-limit says otherwise; the rest is counted. */
export const defaultBodyLimit = 1024 * 1024;
/** Decompressed bytes per body; decoding stops there and the row says "bomb". */
export const maxDecodedBytes = 8 * 1024 * 1024;
/** Exchanges open on one connection (pipelining) before the framer gives up on it. */
export const maxPipelined = 1000;
/** XML: elements nested deeper, or documents longer, are "unparseable". */
export const maxXmlDepth = 256;
export const maxXmlBytes = 16 * 1024 * 1024;
