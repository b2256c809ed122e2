/** A second person, signed in, in a browser of their own. */

const password = "nine quiet lanterns drift by";

export async function colleague(journey, admin, name, email, more = {}) {
  const { records } = await journey.api(admin, "GET", "/roles?filter=name%20%3D%3D%20%27Member%27");
  const values = { name, email, role: records[0].id, active: true, ...more };
  const { record } = await journey.api(admin, "POST", "/users", values);
  const { link } = await journey.api(admin, "POST", `/users/${record.id}/invite`, {});
  const page = await journey.open("/login", { signedIn: false });
  await journey.api(page, "POST", `/invitations/${link.split("/").pop()}`, { password });
  return { page, id: record.id };
}
