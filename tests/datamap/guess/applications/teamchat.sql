-- Chat in teams, with text keys.
CREATE TABLE chatuser ( -- self
  id TEXT PRIMARY KEY,
  create_at INTEGER, update_at INTEGER, delete_at INTEGER,
  username TEXT, --!
  password TEXT, --!
  auth_data TEXT, --!
  auth_service TEXT,
  email TEXT, --!
  email_verified BOOLEAN,
  nickname TEXT, --!
  position TEXT, --!
  props TEXT, --!
  notify_props TEXT, --!
  locale TEXT, --!
  mfa_active BOOLEAN,
  mfa_secret TEXT, --!
  last_picture_update INTEGER,
  custom_status TEXT, --!
  roles TEXT
);
CREATE TABLE team (id TEXT PRIMARY KEY, display_name TEXT, name TEXT, description TEXT, email TEXT, invite_id TEXT, company_name TEXT);
CREATE TABLE channel (id TEXT PRIMARY KEY, team_id TEXT REFERENCES team, display_name TEXT, name TEXT, header TEXT, purpose TEXT, creator_id TEXT REFERENCES chatuser);
CREATE TABLE channel_member ( -- user_id
  channel_id TEXT REFERENCES channel,
  user_id TEXT NOT NULL REFERENCES chatuser,
  last_viewed_at INTEGER, --!
  msg_count INTEGER, --?
  mention_count INTEGER, --?
  notify_props TEXT, --!
  roles TEXT,
  PRIMARY KEY (channel_id, user_id)
);
CREATE TABLE post ( -- user_id
  id TEXT PRIMARY KEY,
  channel_id TEXT NOT NULL REFERENCES channel,
  user_id TEXT NOT NULL REFERENCES chatuser,
  message TEXT, --!
  hashtags TEXT, --!
  props TEXT, --!
  filenames TEXT, --!
  type TEXT, create_at INTEGER
);
CREATE TABLE reaction ( -- user_id
  user_id TEXT NOT NULL REFERENCES chatuser,
  post_id TEXT REFERENCES post,
  emoji_name TEXT, --!
  PRIMARY KEY (user_id, post_id, emoji_name)
);
CREATE TABLE file_info ( -- creator_id
  id TEXT PRIMARY KEY,
  creator_id TEXT NOT NULL REFERENCES chatuser,
  post_id TEXT REFERENCES post,
  path TEXT, --!
  thumbnail_path TEXT, --!
  name TEXT, --!
  content TEXT, --!
  mini_preview BLOB, --!
  extension TEXT, size INTEGER, mime_type TEXT, width INTEGER, height INTEGER
);
CREATE TABLE web_session ( -- user_id
  id TEXT PRIMARY KEY, --!
  token TEXT, --!
  user_id TEXT NOT NULL REFERENCES chatuser,
  device_id TEXT, --!
  last_activity_at INTEGER, --!
  props TEXT, --!
  expires_at INTEGER, is_oauth BOOLEAN
);
CREATE TABLE audit ( -- user_id
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES chatuser,
  action TEXT, --?
  extra_info TEXT, --!
  ip_address TEXT, --!
  session_id TEXT, --?
  create_at INTEGER
);
CREATE TABLE preference ( -- user_id
  user_id TEXT NOT NULL REFERENCES chatuser,
  category TEXT, --?
  name TEXT, --?
  value TEXT, --!
  PRIMARY KEY (user_id, category, name)
);
CREATE TABLE status ( -- user_id
  user_id TEXT PRIMARY KEY REFERENCES chatuser,
  status TEXT, --!
  manual BOOLEAN, --?
  last_activity_at INTEGER, --!
  dnd_end_time INTEGER --?
);
CREATE TABLE incoming_webhook (id TEXT PRIMARY KEY, user_id TEXT REFERENCES chatuser, channel_id TEXT REFERENCES channel, display_name TEXT, description TEXT, icon_url TEXT); -- ~
CREATE TABLE emoji (id TEXT PRIMARY KEY, creator_id TEXT REFERENCES chatuser, name TEXT);
CREATE TABLE bot_command (id TEXT PRIMARY KEY, creator_id TEXT REFERENCES chatuser, team_id TEXT REFERENCES team, trigger_word TEXT, url TEXT, description TEXT, auto_complete_hint TEXT);
