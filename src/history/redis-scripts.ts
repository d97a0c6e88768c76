/**
 * One round trip each, and atomic: a repeated job must not write a line twice, and a set must not go while a line points to it.
 * All keys of one history share a hash tag, so that they live in one slot of a cluster.
 */

/** KEYS stream, ids, refs of the set, the set; ARGV id, json, member. Answers 1 when the line is new. */
export const APPEND = `
if redis.call('HSETNX', KEYS[2], ARGV[1], '') == 0 then return 0 end
local entry = redis.call('XADD', KEYS[1], '*', 'r', ARGV[2])
redis.call('HSET', KEYS[2], ARGV[1], entry)
redis.call('SADD', KEYS[3], ARGV[3])
redis.call('PERSIST', KEYS[4])
return 1
`;

/** KEYS stream, ids; ARGV how many of the oldest to drop, then (entry id, revision id, refs key, set key, member) of each. */
export const TRIM = `
for index = 1, #ARGV, 5 do
  redis.call('XDEL', KEYS[1], ARGV[index])
  redis.call('HDEL', KEYS[2], ARGV[index + 1])
  redis.call('SREM', ARGV[index + 2], ARGV[index + 4])
  if redis.call('SCARD', ARGV[index + 2]) == 0 then redis.call('DEL', ARGV[index + 3]) end
end
return 1
`;

/** KEYS the set, its refs; ARGV bytes, seconds that it may live without a line. A set that is there stays as it is. */
export const PUT = `
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
if redis.call('SCARD', KEYS[2]) > 0 then redis.call('SET', KEYS[1], ARGV[1])
else redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2]) end
return 1
`;
