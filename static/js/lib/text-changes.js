// A text put together from lines of an earlier one ([first, how many]) and lines that are new (a string).

export const changed = (earlier, parts) => {
  const lines = earlier.split("\n");
  return parts.flatMap((part) => (typeof part === "string" ? part : lines.slice(part[0], part[0] + part[1]))).join("\n");
};
