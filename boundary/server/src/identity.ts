/**
 * Somebody else who knows the users: a portal in front of us. Whoever comes without our cookie is sent there and comes
 * back with a code; our cookie is given for it.
 */
export interface IdentityProvider {
  /** Path below the server's own to which the provider sends users back: 'oauth_callback'. */
  readonly callbackPath: string
  /**
   * Where users sign in.
   * @param state - comes back with the code; tells an answer we asked for from one somebody else made up
   */
  signInAddress(state: string): string
  /**
   * Whether the user behind the code may use this server.
   * @throws ServerError when the provider cannot be asked
   */
  admits(code: string): Promise<boolean>
}
