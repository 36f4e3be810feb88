import { type Complaint, showText, type TextRule } from '../complaint.ts'

const dateShape = /^(\d{4})-(\d{2})-(\d{2})$/
const timeShape = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/

export const endTime: TextRule = {
  complain(text) {
    const read = readEndTime(text)
    return typeof read === 'string' ? undefined : read
  },
  keywords: {
    title: 'Until',
    description: 'When the grant ends: a date (until 24:00 UTC of that day) or a time with its zone.',
    pattern: `${dateShape.source}|${timeShape.source}`,
    examples: ['2027-03-31', '2027-03-31T18:00:00+02:00'],
  },
}

/** The instant at which a grant ends, ISO 8601 in UTC without fractions, or what is wrong with the text. */
export function readEndTime(text: string): string | Complaint {
  const date = text.match(dateShape)
  const time = text.match(timeShape)
  const [, year, month, day, hour = '0', minute = '0', second = '0', zone = 'Z'] = date ?? time ?? []
  if (year === undefined) return complainAboutShape(text)
  const numbers = [year, month, day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const [y, m, d, h, min, s] = numbers
  if (m < 1 || m > 12 || d < 1 || d > daysIn(y, m)) {
    return {
      what: `${showText(text)} is not a day of the calendar.`,
      why: m < 1 || m > 12 ? 'Months go from 01 to 12.' : `That month has ${daysIn(y, m)} days.`,
      fix: 'Write a day that exists, year first: 2027-03-31.',
    }
  }
  const offset = zoneMinutes(zone)
  if (h > 23 || min > 59 || s > 59 || offset === undefined) {
    return {
      what: `${showText(text)} is not a time of day.`,
      why: 'Hours go from 00 to 23, minutes and seconds from 00 to 59, zones from -14:00 to +14:00.',
      fix: 'Write it like 2027-03-31T18:00:00Z.',
    }
  }
  if (y < 1970 || y > 9998) {
    return {
      what: `${showText(text)} is out of range.`,
      why: 'Years go from 1970 to 9998.',
      fix: 'Correct the year.',
    }
  }
  // A date lasts until its day is over.
  const instant = Date.UTC(y, m - 1, d + (date ? 1 : 0), h, min - offset, s)
  return `${new Date(instant).toISOString().slice(0, 19)}Z`
}

function complainAboutShape(text: string): Complaint {
  const withoutZone = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(text) && !/(Z|[+-]\d{2}:?\d{2})$/.test(text)
  if (withoutZone) {
    return {
      what: `${showText(text)} has no time zone.`,
      why: 'It would end at different moments for different readers.',
      fix: `Write ${text.replace(' ', 'T').replace(/z$/, '')}Z for UTC, or an offset such as +02:00.`,
    }
  }
  return {
    what: `${showText(text)} is not a date.`,
    why: 'A grant ends on a date (2027-03-31) or at a time with its zone (2027-03-31T18:00:00Z).',
    fix: 'Write the year first, with four digits.',
  }
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate()
}

function zoneMinutes(zone: string): number | undefined {
  if (zone === 'Z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(4, 6))
  if (hours > 14 || minutes > 59) return undefined
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}
