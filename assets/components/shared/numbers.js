// Numbers within their limits.

export const between = (value, least, most) => Math.min(Math.max(value, least), most);
