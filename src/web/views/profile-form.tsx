import { ErrorSummary } from "./error-summary.tsx";
import { Field, fieldId } from "./field.tsx";
import type { FormState } from "./props.ts";
import { SettingsNavigation } from "./settings-navigation.tsx";

const labels = {
  name: "Name",
  summary: "About you",
  icon_url: "Address of your picture",
  image_url: "Address of your header picture",
  fields: "Lines of your profile",
  also_known_as: "Your other accounts",
  moved_to: "Where you have moved to",
};

export interface SettingsProps {
  readonly form: FormState;
  /** How many lines the form has. */
  readonly lines: number;
  /** Names of the works that the profile features. */
  readonly pinned: readonly string[];
  /** Names of works that could be. */
  readonly others: readonly string[];
}

/** Where a user says who he is, and which works he shows first. */
export function SettingsPage({ form, lines, pinned, others }: SettingsProps) {
  return (
    <section class="narrow">
      <h1>Your profile</h1>
      <SettingsNavigation path="/settings" />
      <p>Everybody sees it, here and on the servers of your followers.</p>
      <ErrorSummary form={form} labels={labels} />
      <form class="stacked" method="post" action="/settings">
        <fieldset>
          <legend>You</legend>
          <Field form={form} name="name" label={labels.name} autocomplete="name" />
          <Field form={form} name="summary" label={labels.summary} lines={6} />
          <Field form={form} name="icon_url" label={labels.icon_url} hint="https://..." type="url" />
          <Field form={form} name="image_url" label={labels.image_url} hint="https://..." type="url" />
        </fieldset>
        <ProfileLines form={form} lines={lines} />
        <fieldset>
          <legend>Moving</legend>
          <Field
            form={form}
            name="also_known_as"
            label={labels.also_known_as}
            hint="Addresses of actors who are you as well, one a line. Name your old account before you move here."
            lines={3}
          />
          <Field
            form={form}
            name="moved_to"
            label={labels.moved_to}
            hint="The address of your new actor, when you leave this server."
            type="url"
          />
        </fieldset>
        <p class="actions">
          <button type="submit">Save the profile</button>
        </p>
      </form>
      <FeaturedWorks pinned={pinned} others={others} />
    </section>
  );
}

function ProfileLines({ form, lines }: Pick<SettingsProps, "form" | "lines">) {
  return (
    <fieldset id={fieldId("fields")} tabindex={-1}>
      <legend>{labels.fields}</legend>
      <p class="hint">
        A web address becomes a link. A page that links back to your profile confirms it as yours.
      </p>
      {Array.from({ length: lines }, (_, at) => (
        <div class="field-pair" key={at}>
          <Field form={form} name={`field${at + 1}_name`} label={`Label ${at + 1}`} />
          <Field form={form} name={`field${at + 1}_value`} label={`Content ${at + 1}`} />
        </div>
      ))}
    </fieldset>
  );
}

function FeaturedWorks({ pinned, others }: Pick<SettingsProps, "pinned" | "others">) {
  return (
    <section aria-labelledby="featured">
      <h2 id="featured">Featured works</h2>
      <p>
        Other servers show up to five of them to whoever sees your profile for the first time. While you
        choose none, these are your last five public posts.
      </p>
      {pinned.length > 0 && (
        <ul class="following">
          {pinned.map((name) => (
            <li key={name}>
              <bdi>{name}</bdi>
              <form method="post" action="/settings/pins">
                <input type="hidden" name="unpin" value={name} />
                <button class="link" type="submit" aria-label={`No longer feature ${name}`}>
                  Remove
                </button>
              </form>
            </li>
          ))}
        </ul>
      )}
      {others.length > 0 && (
        <form class="stacked" method="post" action="/settings/pins">
          <Field
            form={{ values: {}, errors: [] }}
            name="pin"
            label="A work with a post"
            options={others.map((name) => [name, name] as const)}
            required
          />
          <p class="actions">
            <button type="submit">Feature this work</button>
          </p>
        </form>
      )}
    </section>
  );
}
