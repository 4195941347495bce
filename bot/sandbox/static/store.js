// What the page knows: who looks, where, and what has been said there.

class Store {
  state = null;
  personId = null;
  channelId = null;
  connected = true;
  /** Messages of each channel by id, in their order. */
  messages = new Map();
  /** What only this page knows: commands under way and their failures. */
  pending = [];
  unread = new Set();
  typing = new Map();

  get guild() {
    return this.state.guilds.find((guild) => guild.channels.some((channel) => channel.id === this.channelId));
  }

  get channel() {
    return this.guild.channels.find((channel) => channel.id === this.channelId);
  }

  get person() {
    return this.state.people.find((person) => person.id === this.personId);
  }

  /** The commands of this server that this person may use here. */
  get commands() {
    const granted = BigInt(this.channel.permissions);
    return this.guild.commands.filter((command) => {
      const needed = command.default_member_permissions;
      return needed === null || needed === undefined || (BigInt(needed) & ~granted) === 0n;
    });
  }

  personName(id) {
    return this.state.people.find((person) => person.id === id)?.display_name ?? "unknown-user";
  }

  roleName(id) {
    return this.guild.roles.find((role) => role.id === id)?.name.replace(/^@/, "") ?? "unknown-role";
  }

  channelName(id) {
    const channels = this.state.guilds.flatMap((guild) => guild.channels);
    return channels.find((channel) => channel.id === id)?.name ?? "unknown";
  }

  /** The color of a person's highest role here, or null. */
  nameColor(id) {
    const own = this.guild.members[id] || [];
    const role = this.guild.roles.filter((entry) => entry.color && own.includes(entry.id)).at(-1);
    return role ? `#${role.color.toString(16).padStart(6, "0")}` : null;
  }

  pings(message) {
    return (
      message.mention_everyone ||
      message.mentions.some((user) => user.id === this.personId) ||
      message.mention_roles.some((id) => (this.guild.members[this.personId] || []).includes(id))
    );
  }
}

export const store = new Store();
