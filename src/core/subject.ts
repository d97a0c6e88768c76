/** What is said of a subject, without its name in front: for lines that name it already. */
export function withoutSubject(message: string, subject: string): string {
  return message.startsWith(`${subject} `) ? message.slice(subject.length + 1) : message;
}
