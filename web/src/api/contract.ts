// Holds the types of types.ts to the server's own document: a field that one side has and the other lacks is a
// type error here. types.ts is finer (closed lists of words, exact shapes) than the document can be.
import type { components } from './schema';
import type * as our from './types';

type Theirs = components['schemas'];

/** The fields that only one of the two has; `never` when they agree. */
type Odd<A, B> = Exclude<keyof A, keyof B> | Exclude<keyof B, keyof A>;

type Agree<T extends Record<string, never>> = T;

/** Compiles while every shape has the same fields on both sides. */
export type Contract = Agree<{
  Me: Odd<our.Me, Theirs['Me']>;
  Person: Odd<our.Person, Theirs['Person']>;
  Project: Odd<our.Project, Theirs['Project']>;
  LatestVersion: Odd<our.LatestVersion, Theirs['LatestVersion']>;
  Member: Odd<our.Member, Theirs['Member']>;
  Reviewable: Odd<our.Reviewable, Theirs['Reviewable']>;
  Version: Odd<our.Version, Theirs['Version']>;
  Media: Odd<our.Media, Theirs['Media']>;
  Proxy: Odd<our.Proxy, Theirs['Rendition']>;
  Sprites: Odd<our.Sprites, Theirs['Sprites']>;
  FrameTable: Odd<our.FrameTable, Theirs['FrameTable']>;
  Job: Odd<our.Job, Theirs['Job']>;
  Author: Odd<our.Author, Theirs['Author']>;
  Comment: Odd<our.Comment, Theirs['Comment']>;
  Reply: Odd<our.Reply, Theirs['Reply']>;
  NewComment: Odd<our.NewComment, Theirs['NewComment']>;
  Share: Odd<our.Share, Theirs['Share']>;
  NewShare: Odd<our.NewShare, Theirs['NewShare']>;
  Visitor: Odd<our.Visitor, Theirs['Visitor']>;
  Decision: Odd<our.Decision, Theirs['Decision']>;
  NewDecision: Odd<our.NewDecision, Theirs['NewDecision']>;
  GuestPage: Odd<our.GuestPage, Theirs['GuestPage']>;
  Setup: Odd<our.Setup, Theirs['SetUpState']>;
  Device: Odd<our.Device, Theirs['Device']>;
  Invitation: Odd<our.Invitation, Theirs['Invitation']>;
  SystemFacts: Odd<our.SystemFacts, Theirs['System']>;
  UnfinishedUpload: Odd<our.UnfinishedUpload, Theirs['Upload']>;
  Exports: Odd<our.Exports, Theirs['Exports']>;
  ExportFormat: Odd<our.ExportFormat, Theirs['ExportFormat']>;
}>;
