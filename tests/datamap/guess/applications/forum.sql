-- A forum in prefixed columns, without declared keys.
CREATE TABLE bb_users ( -- self
  user_id INTEGER PRIMARY KEY,
  user_type INTEGER,
  username TEXT, --!
  username_clean TEXT, --!
  user_password TEXT, --!
  user_email TEXT, --!
  user_ip TEXT, --!
  user_birthday TEXT, --!
  user_lastvisit INTEGER, --!
  user_lastpage TEXT, --!
  user_sig TEXT, --!
  user_avatar TEXT, --!
  user_jabber TEXT, --!
  user_actkey TEXT, --!
  user_newpasswd TEXT, --!
  user_lang TEXT, --!
  user_timezone TEXT, --!
  user_login_attempts INTEGER, --?
  user_allow_massemail INTEGER, --?
  user_posts INTEGER, --?
  user_warnings INTEGER, --?
  user_regdate INTEGER
);
CREATE TABLE bb_forums (forum_id INTEGER PRIMARY KEY, parent_id INTEGER, forum_name TEXT, forum_desc TEXT, forum_rules TEXT, forum_password TEXT, forum_last_poster_id INTEGER, forum_image TEXT);
CREATE TABLE bb_posts ( -- poster_id
  post_id INTEGER PRIMARY KEY,
  topic_id INTEGER, forum_id INTEGER,
  poster_id INTEGER,
  poster_ip TEXT, --!
  post_username TEXT, --!
  post_subject TEXT, --!
  post_text TEXT, --!
  post_edit_reason TEXT, --!
  post_time INTEGER, post_checksum TEXT
);
CREATE TABLE bb_privmsgs ( -- author_id
  msg_id INTEGER PRIMARY KEY,
  author_id INTEGER,
  author_ip TEXT, --!
  message_subject TEXT, --!
  message_text TEXT, --!
  to_address TEXT, --!
  message_time INTEGER
);
CREATE TABLE bb_sessions ( -- session_user_id
  session_id TEXT PRIMARY KEY, --!
  session_user_id INTEGER,
  session_ip TEXT, --!
  session_browser TEXT, --!
  session_forwarded_for TEXT, --!
  session_page TEXT, --!
  session_time INTEGER
);
CREATE TABLE bb_banlist ( -- ban_userid | ban_email
  ban_id INTEGER PRIMARY KEY,
  ban_userid INTEGER,
  ban_ip TEXT, --!
  ban_email TEXT, --!
  ban_reason TEXT, --!
  ban_give_reason TEXT, --!
  ban_start INTEGER, ban_end INTEGER
);
CREATE TABLE bb_poll_votes ( -- vote_user_id
  topic_id INTEGER, poll_option_id INTEGER,
  vote_user_id INTEGER,
  vote_user_ip TEXT --!
);
CREATE TABLE bb_smilies (smiley_id INTEGER PRIMARY KEY, code TEXT, emotion TEXT, smiley_url TEXT);
CREATE TABLE bb_words (word_id INTEGER PRIMARY KEY, word TEXT, replacement TEXT);
