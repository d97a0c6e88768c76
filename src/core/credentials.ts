/** What a host is told of who asks: a user with a password, or a token. */
export interface Credentials {
  readonly username?: string;
  readonly password?: string;
  readonly token?: string;
}
