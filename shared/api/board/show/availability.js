// How many hosts of a pool take users, over time: what its drains saw, and what they expect, put together.

import { isOver } from "./model.js";

const HOUR = 60 * 60 * 1000;
const BEHIND = 12 * HOUR;
const AHEAD = 24 * HOUR;

const at = each => new Date(each.at).getTime();
const held = (list, time) => list.findLast(each => at(each) <= time) ?? null;
const highest = numbers => (numbers.length ? Math.max(...numbers) : null);

// `drains`: of one pool, with what the app tells of each in `availability`. Null where none of them has looked yet.
// Times are milliseconds. `unknown`: why nobody can know how it goes on; `overAt`: when the last drain was over.
export function availabilityOf(drains, now = Date.now()) {
  const seen = drains.filter(each => each.availability?.now);
  if (!seen.length) return null;
  const running = seen.filter(each => !isOver(each));
  const latest = seen.map(each => each.availability.now).sort((a, b) => at(b) - at(a))[0];
  const floor = highest(running.map(each => each.availability.now.floor).filter(each => each !== null));
  const strictest = running.find(each => each.availability.now.floor === floor)?.availability.now;
  const overAt = running.length ? null : Math.max(...seen.map(each => new Date(each.endedAt ?? each.availability.now.at)));
  return {
    now, floor, overAt, seenAt: at(latest), available: latest.available, hosts: latest.hosts,
    because: strictest?.because ?? "", past: pastOf(seen, now - BEHIND, overAt ?? at(latest) + 1), ...aheadOf(running, now),
  };
}

// All drains of a pool see the same hosts: of what they saw, the latest holds. Of their floors the highest does. Where
// no drain ran, nobody looked: null.
function pastOf(drains, from, until) {
  const points = drains.flatMap(each => each.availability.past).sort((a, b) => at(a) - at(b));
  const ends = drains.filter(isOver).map(each => new Date(each.endedAt ?? 0).getTime());
  const times = [...new Set([from, ...points.map(at), ...ends])].filter(time => time >= from && time < until).sort((a, b) => a - b);
  const found = [];
  for (const time of times) {
    const here = held(points, time);
    if (!here) continue;
    const ran = drains.filter(each => at(each.availability.past[0]) <= time && (!isOver(each) || new Date(each.endedAt) > time));
    const floors = ran.map(each => held(each.availability.past, time).floor).filter(each => each !== null);
    found.push({ at: time, available: ran.length ? here.available : null, hosts: here.hosts, floor: highest(floors) });
  }
  return found;
}

// The drain that was reckoned last, and what the others will take and give back besides.
function aheadOf(drains, now) {
  const dark = drains.find(each => !each.availability.expected.length);
  if (dark) return { expected: [], unknown: dark.availability.expectedEnd?.because ?? "" };
  const courses = drains.map(each => each.availability.expected).sort((a, b) => at(b[0]) - at(a[0]));
  const times = [...new Set([now, ...courses.flat().map(at)])].filter(time => time >= now && time <= now + AHEAD).sort((a, b) => a - b);
  if (!courses.length || times.length < 2) return { expected: [], unknown: "" };
  const expected = times.map(time => {
    const sum = { at: time, available: 0, least: 0, most: 0 };
    courses.forEach((course, n) => {
      const here = held(course, time) ?? course[0];
      for (const name of ["available", "least", "most"]) sum[name] += here[name] - (n ? course[0].available : 0);
    });
    return sum;
  });
  return { expected, unknown: "" };
}
