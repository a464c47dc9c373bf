/*
 * voicecall for C++17: place calls, end them, fetch recordings, and read the webhooks that the platform pushes.
 *
 *     voicecall::Config config;
 *     config.app_key = "...";
 *     config.app_secret = "...";
 *     const voicecall::Client client(config);
 *
 *     voicecall::VoiceNotification request;
 *     request.display_nbr = "+867550000088";
 *     request.callee_nbr = "+8613800000021";
 *     request.play_info_list.resize(1);
 *     request.play_info_list[0].template_id = "alert";
 *     request.play_info_list[0].template_paras = {"3", "building 1"};
 *     try {
 *         const auto call = client.create_voice_notification(request);
 *         std::cout << call.session_id << '\n';
 *     } catch (const voicecall::Error &error) {
 *         if (error.delivery() == voicecall::Delivery::unknown) ... // The phone may be ringing: do not call again.
 *     }
 *
 * Ownership   Everything frees itself. Client, Webhook and Intake can be moved and not copied; events, their records and
 *             errors are cheap to copy. Texts in requests are copied; texts out of an event or an error live as long as it
 *             does.
 * Not set     An optional without value, and an empty mandatory text: not sent, and the library tells what is mandatory.
 * Errors      Everything that fails throws voicecall::Error or a class of it per kind, e.g. voicecall::TimeoutError.
 * Threads     Any number may use a Client, a Webhook or an Intake at once; anything else one at a time unless const.
 *
 * Written by hand; the structures, which follow the library's fields, are in voicecall_calls.hpp.
 */
#ifndef VOICECALL_HPP
#define VOICECALL_HPP

#include <cstddef>
#include <exception>
#include <functional>
#include <iterator>
#include <limits>

#include "voicecall_calls.hpp"

namespace voicecall {

/* Errors. */

/** Why something failed: what happened, whether a phone may have rung, and what to do. */
class Error : public std::exception {
public:
    /** Takes the handle over. */
    explicit Error(voicecall_error *error) : error_(error, voicecall_error_free) {}

    /** One English sentence. Names no secret and no full phone number. */
    const char *what() const noexcept override { return voicecall_error_message(error_.get()); }
    /** What kind of thing went wrong; the same as the class. */
    ErrorKind kind() const noexcept { return static_cast<ErrorKind>(voicecall_error_status(error_.get())); }
    /** Whether the request reached the platform. After Delivery::unknown the phone may be ringing. */
    Delivery delivery() const noexcept { return static_cast<Delivery>(voicecall_error_delivery(error_.get())); }
    /** Whether placing the call again makes sense. */
    Retry retry() const noexcept { return static_cast<Retry>(voicecall_error_retry(error_.get())); }
    /** What to do. */
    std::string_view advice() const noexcept { return text(VOICECALL_ERROR_ADVICE).value_or(std::string_view{}); }
    /** JSON pointer to the argument or setting at fault, e.g. `/playInfoList/2/templateParas`. */
    std::optional<std::string_view> field() const noexcept { return text(VOICECALL_ERROR_FIELD); }
    /** The rule that the field breaks, e.g. `length`. */
    std::optional<std::string_view> rule() const noexcept { return text(VOICECALL_ERROR_RULE); }
    /** What was found at the field, in the unit of the rule. */
    std::optional<std::string_view> measured() const noexcept { return text(VOICECALL_ERROR_MEASURED); }
    /** The platform's result code; of an InvalidArgumentError the one that the platform would have answered. */
    std::optional<std::string_view> result_code() const noexcept { return text(VOICECALL_ERROR_RESULT_CODE); }
    /** The platform's text for the result code, phone numbers masked. */
    std::optional<std::string_view> result_desc() const noexcept { return text(VOICECALL_ERROR_RESULT_DESC); }
    /** What the result code means. */
    std::optional<std::string_view> meaning() const noexcept { return text(VOICECALL_ERROR_MEANING); }
    /** The mark that the request carried in its user data; only with Config::attempt_tag. */
    std::optional<std::string_view> attempt_tag() const noexcept { return text(VOICECALL_ERROR_ATTEMPT_TAG); }
    /** The HTTP status of the platform's answer. */
    std::optional<int> http_status() const noexcept
    {
        const int status = voicecall_error_http_status(error_.get());
        return status == 0 ? std::nullopt : std::optional<int>(status);
    }

private:
    std::optional<std::string_view> text(const std::int32_t attribute) const noexcept
    {
        std::size_t length = 0;
        const char *const text = voicecall_error_text(error_.get(), attribute, &length);
        return text == nullptr ? std::nullopt : std::optional<std::string_view>({text, length});
    }

    /** Shared, because an exception has to be copied without throwing. */
    std::shared_ptr<voicecall_error> error_;
};

/** An error of one kind. */
template <ErrorKind> class ErrorOf final : public Error {
public:
    explicit ErrorOf(const Error &error) noexcept : Error(error) {}
};

/** The words that errors are told with, the same in every language, e.g. `not_sent`. */
inline std::string_view name(const ErrorKind kind) noexcept
{
    return voicecall_status_name(static_cast<std::int32_t>(kind));
}
inline std::string_view name(const Delivery delivery) noexcept
{
    return voicecall_delivery_name(static_cast<std::int32_t>(delivery));
}
inline std::string_view name(const Retry retry) noexcept
{
    return voicecall_retry_name(static_cast<std::int32_t>(retry));
}

namespace detail {

[[noreturn]] inline void raise(voicecall_error *const handle)
{
    const Error error(handle);
    with_kind(error.kind(), [&](const auto kind) { throw ErrorOf<decltype(kind)::value>(error); });
    throw error;
}

/**
 * Calls a function of voicecall.h with a place for its error at the end, and throws the error.
 *
 * Returns false for VOICECALL_ABSENT.
 */
template <class Function, class... Arguments> bool run(Function *const function, Arguments... arguments)
{
    voicecall_error *error = nullptr;
    const voicecall_status status = function(arguments..., &error);
    if (status == VOICECALL_OK || status == VOICECALL_ABSENT) return status == VOICECALL_OK;
    raise(error);
}

/** Makes a handle with a function of voicecall.h. */
template <class Handle, class Function, class... Arguments>
Handle *made(Function *const function, Arguments... arguments)
{
    Handle *handle = nullptr;
    run(function, arguments..., &handle);
    return handle;
}

template <auto *Free> struct Deleter {
    template <class Handle> void operator()(Handle *const handle) const noexcept { Free(handle); }
};

template <class Handle, auto *Free> using Owned = std::unique_ptr<Handle, Deleter<Free>>;

} // namespace detail

/* Values. */

/** A JSON document, for what has no structure of its own. Places in it are JSON pointers, e.g. `/explanation/cause/code`. */
class Value {
public:
    /** An empty object. */
    Value() : Value(detail::made<voicecall_value>(voicecall_value_new)) {}
    /** Takes the handle over. */
    explicit Value(voicecall_value *const value) noexcept : value_(value) {}

    /** Reads JSON text. */
    static Value parse(const std::string_view json)
    {
        return Value(detail::made<voicecall_value>(voicecall_value_parse, json.data(), json.size()));
    }

    /** The text at a pointer; none when there is nothing, or null. Lives until the value is changed. */
    std::optional<std::string_view> text(const char *const pointer) const
    {
        const char *text = nullptr;
        std::size_t length = 0;
        if (!detail::run(voicecall_value_get_text, value_.get(), pointer, &text, &length)) return std::nullopt;
        return std::string_view(text, length);
    }

    /** The whole number at a pointer; none when there is nothing, or null. */
    std::optional<std::int64_t> integer(const char *const pointer) const
    {
        std::int64_t integer = 0;
        if (!detail::run(voicecall_value_get_integer, value_.get(), pointer, &integer)) return std::nullopt;
        return integer;
    }

    /** The truth value at a pointer; none when there is nothing, or null. */
    std::optional<bool> flag(const char *const pointer) const
    {
        bool flag = false;
        if (!detail::run(voicecall_value_get_flag, value_.get(), pointer, &flag)) return std::nullopt;
        return flag;
    }

    /** Number of items or members at a pointer; 0 when there is nothing, or null. */
    std::size_t size(const char *const pointer) const
    {
        std::size_t size = 0;
        detail::run(voicecall_value_length, value_.get(), pointer, &size);
        return size;
    }

    /** Names of the members of the object at a pointer, in their order. */
    std::vector<std::string> keys(const char *const pointer) const
    {
        std::vector<std::string> keys;
        const char *key = nullptr;
        std::size_t length = 0;
        while (detail::run(voicecall_value_key, value_.get(), pointer, keys.size(), &key, &length))
            keys.emplace_back(key, length);
        return keys;
    }

    /** Puts a text at a pointer; what is missing on the way is made. */
    void set_text(const char *const pointer, const std::string_view text)
    {
        detail::run(voicecall_value_set_text, value_.get(), pointer, text.data(), text.size());
    }
    void set_integer(const char *const pointer, const std::int64_t integer)
    {
        detail::run(voicecall_value_set_integer, value_.get(), pointer, integer);
    }
    void set_flag(const char *const pointer, const bool flag)
    {
        detail::run(voicecall_value_set_flag, value_.get(), pointer, flag);
    }
    void set_json(const char *const pointer, const std::string_view json)
    {
        detail::run(voicecall_value_set_json, value_.get(), pointer, json.data(), json.size());
    }

    /** What is at a pointer, as compact JSON; empty when there is nothing. */
    std::string json(const char *const pointer = "")
    {
        const char *text = nullptr;
        std::size_t length = 0;
        if (!detail::run(voicecall_value_print, value_.get(), pointer, &text, &length)) return {};
        return {text, length};
    }

    /** The handle, for the functions of voicecall.h. */
    voicecall_value *get() const noexcept { return value_.get(); }

private:
    detail::Owned<voicecall_value, voicecall_value_free> value_;
};

namespace detail {

/** Puts what is set in a structure into a value; put() calls it for each member. */
class Writer {
public:
    explicit Writer(Value &value, std::string at = {}) : value_(value), at_(std::move(at)) {}

    /** Mandatory texts: the library tells that an empty one is missing. */
    void operator()(const char *const name, const std::string &text)
    {
        if (!text.empty()) set(place(name), text);
    }

    template <class Member> void operator()(const char *const name, const std::optional<Member> &member)
    {
        if (member) set(place(name), *member);
    }

    template <class Structure> void operator()(const char *const name, const std::vector<Structure> &list)
    {
        for (std::size_t i = 0; i < list.size(); i++) {
            const std::string at = place(name) + '/' + std::to_string(i);
            value_.set_json(at.c_str(), "{}");
            Writer item(value_, at);
            put(item, list[i]);
        }
    }

    void json(const char *const name, const std::optional<std::string> &json)
    {
        if (json) value_.set_json(place(name).c_str(), *json);
    }

private:
    std::string place(const char *const name) const { return at_ + '/' + name; }

    void set(const std::string &at, const std::string &text) { value_.set_text(at.c_str(), text); }
    void set(const std::string &at, const bool flag) { value_.set_flag(at.c_str(), flag); }
    void set(const std::string &at, const std::int64_t integer) { value_.set_integer(at.c_str(), integer); }
    void set(const std::string &at, const std::chrono::milliseconds time) { value_.set_integer(at.c_str(), time.count()); }
    void set(const std::string &at, const std::vector<std::string> &texts)
    {
        value_.set_json(at.c_str(), "[]");
        for (const std::string &text : texts) value_.set_text((at + "/-").c_str(), text);
    }
    template <class Word> std::enable_if_t<std::is_enum_v<Word>> set(const std::string &at, const Word word)
    {
        value_.set_text(at.c_str(), text(word));
    }

    Value &value_;
    std::string at_;
};

template <class Structure> Value to_value(const Structure &from)
{
    Value value;
    Writer to(value);
    put(to, from);
    return value;
}

/** Reads the members of an answer; get() calls it for each. */
struct AnswerReader {
    const Value &value;

    void operator()(const char *const pointer, std::string &to) const { to = value.text(pointer).value_or(""); }
    void operator()(const char *const pointer, std::optional<std::int64_t> &to) const { to = value.integer(pointer); }
};

/** Reads the members of a record out of the columns that voicecall_event_read() filled; get() calls it for each. */
struct RecordReader {
    const char *const *texts;
    const std::size_t *lengths;
    const std::int64_t *integers;

    void operator()(const std::size_t field, std::string_view &to) const
    {
        if (texts[field] != nullptr) to = {texts[field], lengths[field]};
    }
    void operator()(const std::size_t field, std::optional<std::string_view> &to) const
    {
        if (texts[field] != nullptr) to.emplace(texts[field], lengths[field]);
    }
    void operator()(const std::size_t field, std::optional<std::int64_t> &to) const
    {
        if (integers[field] != VOICECALL_NO_INTEGER) to = integers[field];
    }
    void operator()(const std::size_t field, std::optional<Time> &to) const
    {
        if (texts[field] == nullptr) return;
        const std::chrono::system_clock::time_point at{std::chrono::seconds(integers[field])};
        to = Time{at, {texts[field], lengths[field]}};
    }
};

template <class Structure> Structure read_record(std::shared_ptr<const voicecall_event> event, const std::size_t index)
{
    Structure structure;
    constexpr auto names = fields(static_cast<const Structure *>(nullptr));
    std::array<const char *, names.size()> texts;
    std::array<std::size_t, names.size()> lengths;
    std::array<std::int64_t, names.size()> integers;
    run(voicecall_event_read, event.get(), index, std::size_t{1}, names.data(), names.size(), texts.data(), lengths.data(),
        integers.data());
    get(RecordReader{texts.data(), lengths.data(), integers.data()}, structure);
    structure.record = {std::move(event), index};
    return structure;
}

inline Value Record::summary(const char *const price_per_minute) const
{
    return Value(made<voicecall_value>(voicecall_event_summary, event.get(), index, price_per_minute));
}

inline std::string_view Record::raw() const
{
    const char *json = nullptr;
    std::size_t length = 0;
    run(voicecall_event_raw, event.get(), index, &json, &length);
    return {json, length};
}

} // namespace detail

inline Value StatusEvent::summary() const { return record.summary(nullptr); }
inline Value Cdr::summary(const char *const price_per_minute) const { return record.summary(price_per_minute); }

/* Events. */

/** The CDRs of an event, to be iterated over; each is read when it is reached. */
class Cdrs {
public:
    class iterator {
    public:
        using iterator_category = std::input_iterator_tag;
        using value_type = Cdr;
        using difference_type = std::ptrdiff_t;
        using pointer = void;
        using reference = Cdr;

        iterator(const Cdrs *const cdrs, const std::size_t index) noexcept : cdrs_(cdrs), index_(index) {}
        Cdr operator*() const { return (*cdrs_)[index_]; }
        iterator &operator++() noexcept
        {
            ++index_;
            return *this;
        }
        iterator operator++(int) noexcept { return {cdrs_, index_++}; }
        bool operator==(const iterator &other) const noexcept { return index_ == other.index_; }
        bool operator!=(const iterator &other) const noexcept { return index_ != other.index_; }

    private:
        const Cdrs *cdrs_;
        std::size_t index_;
    };

    explicit Cdrs(std::shared_ptr<const voicecall_event> event) noexcept : event_(std::move(event)) {}

    /** 0 when the event is no CDR push. */
    std::size_t size() const noexcept
    {
        const bool has_cdrs = voicecall_event_kind(event_.get()) == VOICECALL_EVENT_FEE;
        return has_cdrs ? voicecall_event_record_count(event_.get()) : 0;
    }
    bool empty() const noexcept { return size() == 0; }
    /** The CDR at a position below size(). */
    Cdr operator[](const std::size_t index) const { return detail::read_record<Cdr>(event_, index); }
    iterator begin() const noexcept { return {this, 0}; }
    iterator end() const noexcept { return {this, size()}; }

private:
    std::shared_ptr<const voicecall_event> event_;
};

/** What a push of the platform says: a status event, CDRs, or something that this version does not know. */
class Event {
public:
    /** Reads the raw body of a push, without looking at its signature; Webhook does both. Throws MalformedWebhookError. */
    explicit Event(const std::string_view body)
        : Event(detail::made<voicecall_event>(voicecall_event_parse, body.data(), body.size()))
    {}
    /** Takes the handle over. */
    explicit Event(voicecall_event *const event) : event_(event, voicecall_event_free) {}

    /** The type as the platform names it, e.g. `disconnect` or `fee`. */
    std::string_view type() const noexcept { return voicecall_event_type(event_.get()); }
    /** The same as a word; EventType::unknown for one that this version does not know. Acknowledge it like any other. */
    EventType event_type() const noexcept { return detail::event_type(type()); }
    /** The status event, if it is one. */
    std::optional<StatusEvent> status() const
    {
        if (voicecall_event_kind(event_.get()) != VOICECALL_EVENT_STATUS) return std::nullopt;
        StatusEvent status = detail::read_record<StatusEvent>(event_, 0);
        status.type = event_type();
        return status;
    }
    /** The CDRs; none if it is no CDR push. */
    Cdrs cdrs() const noexcept { return Cdrs(event_); }
    /** The records of a CDR push that could not be read: a list; see voicecall_event_rejected(). Store them too. */
    Value rejected() const { return Value(detail::made<voicecall_value>(voicecall_event_rejected, get())); }
    /** The whole message under wire names, undocumented fields included; see voicecall_event_value(). */
    Value value() const
    {
        return Value(detail::made<voicecall_value>(voicecall_event_value, get(), VOICECALL_WHOLE_MESSAGE));
    }
    /** The JSON text of the message, as it came: what to store. Holds personal data. */
    std::string_view raw() const { return detail::Record{event_, VOICECALL_WHOLE_MESSAGE}.raw(); }

    /** The handle, for the functions of voicecall.h. */
    const voicecall_event *get() const noexcept { return event_.get(); }

private:
    std::shared_ptr<voicecall_event> event_;
};

/* Webhooks. */

/** What to answer to a push. */
struct Reply {
    int status = 500;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
};

namespace detail {

/** The reply at a pointer. */
inline Reply reply(const Value &value, const std::string &at)
{
    Reply reply;
    reply.status = static_cast<int>(value.integer((at + "/status").c_str()).value_or(reply.status));
    reply.body = value.text((at + "/body").c_str()).value_or("");
    const std::string headers = at + "/headers";
    for (const std::string &name : value.keys(headers.c_str()))
        reply.headers.emplace_back(name, value.text((headers + '/' + name).c_str()).value_or(""));
    return reply;
}

/** Headers of a request as C takes them. */
struct Headers {
    template <class Pairs> explicit Headers(const Pairs &pairs)
    {
        for (const auto &[name, value] : pairs) {
            texts.emplace_back(name);
            texts.emplace_back(value);
        }
        for (std::size_t i = 0; i < texts.size(); i += 2) {
            names.push_back(texts[i].c_str());
            values.push_back(texts[i + 1].c_str());
        }
    }
    /** The pointers lead into the texts. */
    Headers(const Headers &) = delete;
    Headers &operator=(const Headers &) = delete;

    std::vector<std::string> texts;
    std::vector<const char *> names, values;
};

} // namespace detail

/** A push that was received: the verdict on its signature, its event, and the reply to send back. */
class Received {
public:
    /** Takes the handle over. */
    explicit Received(voicecall_received *const received) noexcept : received_(received) {}

    /** What the push says. Throws SignatureError when it was refused, MalformedWebhookError when it cannot be read. */
    Event event() const { return Event(detail::made<voicecall_event>(voicecall_received_event, received_.get())); }
    /** The verdict on the signature; see voicecall_received_verdict() for its members. */
    Value verdict() const { return Value(detail::made<voicecall_value>(voicecall_received_verdict, received_.get())); }
    /** What to answer. `stored`: whether the event is now where it will not be lost; if not, CDRs are asked for again. */
    Reply reply(const bool stored) const
    {
        const Value value(detail::made<voicecall_value>(voicecall_received_reply, received_.get(), stored));
        return detail::reply(value, "");
    }

private:
    detail::Owned<voicecall_received, voicecall_received_free> received_;
};

/** Receives pushes: judges signatures, remembers nonces, and knows what to answer. The HTTP server is your own. */
class Webhook {
public:
    /** Throws ConfigurationError, naming the setting. */
    explicit Webhook(const WebhookConfig &config)
        : webhook_(detail::made<voicecall_webhook>(voicecall_webhook_new, detail::to_value(config).get()))
    {}

    /**
     * Receives a push. Throws for none: one that is refused or cannot be read is told by what it returns.
     *
     * `headers`: pairs of name and value, in any container, order and letter case.
     * `body`: the raw bytes of the HTTP request.
     */
    template <class Headers> Received receive(const Headers &headers, const std::string_view body) const
    {
        const detail::Headers given(headers);
        return Received(detail::made<voicecall_received>(voicecall_webhook_receive, webhook_.get(), given.names.data(),
            given.values.data(), given.names.size(), body.data(), body.size(), VOICECALL_NOW));
    }

private:
    detail::Owned<voicecall_webhook, voicecall_webhook_free> webhook_;
};

/* The store of pushes. */

/** What became of a push that an Intake received. */
class Receipt {
public:
    /** Takes the handle over. */
    explicit Receipt(voicecall_receipt *const receipt)
        : receipt_(receipt), value_(detail::made<voicecall_value>(voicecall_receipt_value, receipt))
    {}

    /** What to answer: 200 if and only if each readable record is on the disk. */
    Reply reply() const { return detail::reply(value_, "/reply"); }
    /** How many records were new. */
    std::size_t accepted() const { return count("/accepted"); }
    /** How many were known; conflicts are among them. */
    std::size_t duplicates() const { return count("/duplicates"); }
    /** How many contradict what is known. They are kept beside it. */
    std::size_t conflicts() const { return count("/conflicts"); }
    /** How many could not be read; a body that is no push counts as one. They are kept raw. */
    std::size_t rejected() const { return count("/rejected"); }
    /** Whether the record at this position came for the first time: to act once on what comes more than once. */
    bool is_new(const std::size_t record) const noexcept { return voicecall_receipt_is_new(receipt_.get(), record); }
    /**
     * What the push says. Throws SignatureError when it was refused, MalformedWebhookError when it cannot be read, and
     * StorageError when the store could not write.
     */
    Event event() const { return Event(detail::made<voicecall_event>(voicecall_receipt_event, receipt_.get())); }
    /** Everything else; see voicecall_receipt_value() for the members. */
    const Value &value() const noexcept { return value_; }

private:
    std::size_t count(const char *const pointer) const
    {
        return static_cast<std::size_t>(value_.integer(pointer).value_or(0));
    }

    detail::Owned<voicecall_receipt, voicecall_receipt_free> receipt_;
    Value value_;
};

/** A page of calls. */
struct CallPage {
    /** The calls, the latest first; see "call" of voicecall_intake_perform() for their members. */
    std::vector<Value> calls;
    /** CallFilter::after for the next page; none on the last. */
    std::optional<std::string> next;
};

/** A page of texts that could not be taken. */
struct RejectedPage {
    /** The texts, the oldest first; see "rejected" of voicecall_intake_perform() for their members. */
    std::vector<Value> texts;
    /** The mark to go on behind; none on the last. */
    std::optional<std::string> next;
};

/** What became of texts that could not be taken before. */
struct Retried {
    /** Texts of which everything is in the store now. */
    std::int64_t taken = 0;
    /** Texts that stay where they are. */
    std::int64_t left = 0;
    /** Events and CDRs that were new. */
    std::int64_t accepted = 0;
    /** Those that were known; conflicts are among them. */
    std::int64_t duplicates = 0;
    /** Those that contradict what is known. */
    std::int64_t conflicts = 0;

    static Retried of(const Value &answer)
    {
        const auto count = [&answer](const char *name) { return answer.integer(name).value_or(0); };
        return {count("/taken"), count("/left"), count("/accepted"), count("/duplicates"), count("/conflicts")};
    }
};

/** What was deleted. */
struct Purged {
    /** Calls, each with its events and its CDR. */
    std::int64_t calls = 0;
    std::int64_t attempts = 0;
    /** Texts that could not be taken, and pushes that name no call. */
    std::int64_t others = 0;
};

/** The form of an export. */
enum class ExportFormat {
    /** One JSON object a line. */
    ndjson,
    /** CSV as RFC 4180 has it, with a header line. */
    csv,
    /** The same with a byte order mark, and nothing that a spreadsheet takes for a formula. */
    csv_for_spreadsheets,
};

/** A call that is about to be placed, registered under a mark. */
struct Attempt {
    /** The mark. */
    std::string tag;
    /** The user data to place the call with: the request's own, and the mark. */
    std::string user_data;
};

/**
 * Keeps pushes in a SQLite file: recognises what comes twice, and says yes to the platform only when everything is on the
 * disk. Any number of threads may use it at once, any number of processes one file. Every function waits for the disk on the
 * thread that calls it, and throws StorageError when the store cannot read or write.
 */
class Intake {
public:
    /** Without checking signatures. Throws ConfigurationError, naming the setting, or StorageError. */
    explicit Intake(const IntakeConfig &config) : Intake(config, WebhookConfig{}) {}
    /** `webhook`: how signatures are checked. */
    Intake(const IntakeConfig &config, const WebhookConfig &webhook)
        : intake_(detail::made<voicecall_intake>(
              voicecall_intake_new, detail::to_value(config).get(), detail::to_value(webhook).get()))
    {}

    /**
     * Receives a push, and returns when everything in it is on the disk; then send the reply back. Throws for no push: one
     * that is refused, cannot be read or cannot be stored is told by what it returns.
     *
     * `headers`: pairs of name and value, in any container, order and letter case.
     * `body`: the raw bytes of the HTTP request.
     */
    template <class Headers> Receipt receive(const Headers &headers, const std::string_view body) const
    {
        const detail::Headers given(headers);
        return Receipt(detail::made<voicecall_receipt>(voicecall_intake_receive, intake_.get(), given.names.data(),
            given.values.data(), given.names.size(), body.data(), body.size(), VOICECALL_NOW));
    }

    /** Everything that is known of a call; none when nothing is. See "call" of voicecall_intake_perform(). */
    std::optional<Value> call(const std::string_view session_id) const
    {
        Value arguments;
        arguments.set_text("/sessionId", session_id);
        return found("call", arguments);
    }

    /**
     * Waits until something has happened in a call; none when it has not within this time, or cannot any more. Throws
     * ClosedError when close() ended the wait.
     *
     * `condition`: a state (come so far, or further), "a_answered", "b_answered" or "digits".
     */
    std::optional<Value> wait_for(const std::string_view session_id, const std::string_view condition,
        const std::chrono::milliseconds timeout) const
    {
        Value arguments;
        arguments.set_text("/sessionId", session_id);
        arguments.set_text("/condition", condition);
        arguments.set_integer("/timeoutMs", timeout.count());
        return found("wait_for", arguments);
    }

    /** The calls that fit a filter, the latest first. */
    CallPage calls(const CallFilter &filter = {}) const
    {
        Value answer = perform("calls", filtered(filter));
        CallPage page;
        page.calls = items(answer, "/calls");
        page.next = answer.text("/next");
        return page;
    }

    /** Calls without a CDR that began longer ago than this, and attempts of unknown outcome. The oldest first. */
    std::vector<Value> unsettled(const std::chrono::milliseconds older_than = std::chrono::hours(7)) const
    {
        Value arguments;
        arguments.set_integer("/olderThanMs", older_than.count());
        Value answer = perform("unsettled", arguments);
        return items(answer, "/calls");
    }

    /**
     * What came and could not be taken.
     *
     * `rejected_class`: "record", "malformed" or "refused"; empty: all.
     * `after`: RejectedPage::next of the page before; empty: the first page.
     */
    RejectedPage rejected(const std::string_view rejected_class = {}, const std::string_view after = {}) const
    {
        Value arguments;
        arguments.set_json("/filter", "{}");
        if (!rejected_class.empty()) arguments.set_text("/filter/class", rejected_class);
        if (!after.empty()) arguments.set_text("/filter/after", after);
        Value answer = perform("rejected", arguments);
        RejectedPage page;
        page.texts = items(answer, "/texts");
        page.next = answer.text("/next");
        return page;
    }

    /** Reads again what could not be read, and takes in what this version can read. */
    Retried retry_rejected() const { return Retried::of(perform("retry_rejected", Value())); }

    /** Takes in these texts, by the member id of RejectedPage::texts, though their signature was refused. */
    Retried admit_rejected(const std::vector<std::int64_t> &ids) const
    {
        Value arguments;
        arguments.set_json("/ids", "[]");
        for (const std::int64_t id : ids) arguments.set_text("/ids/-", std::to_string(id));
        return Retried::of(perform("admit_rejected", arguments));
    }

    /**
     * Registers what is about to be placed, so that a call of which no push ever tells is noticed. Place the request with
     * the attempt's user data and a client without Config::attempt_tag.
     */
    template <class Request> Attempt attempt(const Request &request) const
    {
        const Value answer = perform("attempt", placing(request));
        return {std::string(answer.text("/attemptTag").value_or("")),
            std::string(answer.text("/request/userData").value_or(""))};
    }

    /** Registers a call that the platform has accepted. `attempt_tag`: the mark of its attempt, if it had one. */
    template <class Request>
    void placed(const Request &request, const PlacedCall &call, const std::optional<std::string> &attempt_tag = {}) const
    {
        Value arguments = placing(request);
        arguments.set_text("/sessionId", call.session_id);
        if (attempt_tag) arguments.set_text("/attemptTag", *attempt_tag);
        perform("placed", arguments);
    }

    /** Forgets an attempt that has rung nobody: the delivery of its error was not Delivery::unknown. */
    void withdraw(const std::string_view attempt_tag) const
    {
        Value arguments;
        arguments.set_text("/attemptTag", attempt_tag);
        perform("withdraw", arguments);
    }

    /** Adds up the CDRs; see "totals" of voicecall_intake_perform() for what can be asked, and for the members. */
    std::vector<Value> totals(const Value &arguments = Value()) const
    {
        Value answer = perform("totals", arguments);
        return items(answer, "/totals");
    }

    /**
     * Writes the CDRs that fit a filter, piece by piece; tells how many. `write` may throw to stop.
     */
    std::uint64_t export_to(const std::function<void(std::string_view piece)> &write, ExportFormat format,
        const CallFilter &filter = {}) const;

    /** Deletes for good what ended or was received before this time. */
    Purged purge(const std::chrono::system_clock::time_point before) const
    {
        Value arguments;
        arguments.set_integer("/before", std::chrono::duration_cast<std::chrono::seconds>(before.time_since_epoch()).count());
        const Value answer = perform("purge", arguments);
        return {answer.integer("/calls").value_or(0), answer.integer("/attempts").value_or(0),
            answer.integer("/others").value_or(0)};
    }

    /** Looks the whole store over for damage; takes as long as reading all of it. */
    void check() const { perform("check", Value()); }

    /** Finds out whether the store can write: for health checks. */
    void probe() const { perform("probe", Value()); }

    /** A telephone number as the store keeps it: as it is, or hashed under IntakeConfig::numbers_key. */
    std::string stored_number(const std::string_view number) const
    {
        Value arguments;
        arguments.set_text("/number", number);
        return std::string(perform("stored_number", arguments).text("/number").value_or(""));
    }

    /** Any action by its name, for what has no function here; see voicecall_intake_perform(). */
    Value perform(const char *const action, const Value &arguments) const
    {
        return Value(detail::made<voicecall_value>(voicecall_intake_perform, intake_.get(), action, arguments.get()));
    }

    /** Ends waits on other threads with ClosedError, and refuses everything new. As often as you like. */
    void close() const noexcept { voicecall_intake_close(intake_.get(), nullptr); }

private:
    std::optional<Value> found(const char *const action, const Value &arguments) const
    {
        voicecall_value *answer = nullptr;
        if (!detail::run(voicecall_intake_perform, intake_.get(), action, arguments.get(), &answer)) return std::nullopt;
        return Value(answer);
    }

    static Value filtered(const CallFilter &filter)
    {
        Value arguments;
        arguments.set_json("/filter", "{}");
        detail::Writer to(arguments, "/filter");
        detail::put(to, filter);
        return arguments;
    }

    template <class Request> static Value placing(const Request &request)
    {
        static_assert(detail::Operation<Request>::places_call, "this request places no call");
        Value arguments;
        arguments.set_text("/operation", detail::Operation<Request>::name);
        arguments.set_json("/request", detail::to_value(request).json());
        return arguments;
    }

    static std::vector<Value> items(Value &list, const std::string &pointer)
    {
        std::vector<Value> items;
        for (std::size_t i = 0, size = list.size(pointer.c_str()); i < size; i++)
            items.push_back(Value::parse(list.json((pointer + '/' + std::to_string(i)).c_str())));
        return items;
    }

    detail::Owned<voicecall_intake, voicecall_intake_free> intake_;
};

namespace detail {

/** Carries an export through C, and its exception back. */
struct Export {
    const std::function<void(std::string_view)> &write;
    std::exception_ptr exception;

    static std::int32_t take(const char *const bytes, const std::size_t length, void *const user) noexcept
    {
        Export &to = *static_cast<Export *>(user);
        try {
            to.write({bytes, length});
            return 0;
        } catch (...) {
            to.exception = std::current_exception();
            return 1;
        }
    }
};

constexpr std::string_view text(const ExportFormat format) noexcept
{
    switch (format) {
    case ExportFormat::ndjson: return "ndjson";
    case ExportFormat::csv: return "csv";
    case ExportFormat::csv_for_spreadsheets: return "csv_for_spreadsheets";
    }
    return "?";
}

} // namespace detail

inline std::uint64_t Intake::export_to(
    const std::function<void(std::string_view)> &write, const ExportFormat format, const CallFilter &filter) const
{
    detail::Export to{write, nullptr};
    Value arguments = filtered(filter);
    arguments.set_text("/format", detail::text(format));
    std::uint64_t records = 0;
    try {
        detail::run(voicecall_intake_export, intake_.get(), arguments.get(), &detail::Export::take,
            static_cast<void *>(&to), &records);
    } catch (const StorageError &) {
        if (to.exception) std::rethrow_exception(to.exception);
        throw;
    }
    return records;
}

/* Calls. */

/** How a recording is downloaded. */
struct DownloadOptions {
    /** Longest time for the whole download; none: no limit but those of each step. */
    std::optional<std::chrono::milliseconds> timeout;
    /** Replace a file that exists. */
    bool overwrite = false;
    /** Is told the bytes in the file so far, and of the whole where the server tells. Return false to stop; may throw. */
    std::function<bool(std::uint64_t bytes, std::optional<std::uint64_t> total)> progress;
};

/**
 * Calls of one application. Any number of threads may use it at once.
 *
 * Each call waits for the platform's answer, at most `timeout` where given and else Config::timeout, and throws Error.
 * After one with Delivery::unknown a phone may be ringing.
 */
class Client {
public:
    using Timeout = std::optional<std::chrono::milliseconds>;

    /** Connects nothing before the first call. Throws ConfigurationError, naming the setting. */
    explicit Client(const Config &config)
        : client_(detail::made<voicecall_client>(voicecall_client_new, detail::to_value(config).get()))
    {}

    /** Calls A, then B, and joins them. */
    PlacedCall create_voice_callback(const VoiceCallback &request, const Timeout timeout = {}) const
    {
        return place(request, timeout);
    }

    /** Calls one number, plays up to five items, may collect keys. */
    PlacedCall create_voice_notification(const VoiceNotification &request, const Timeout timeout = {}) const
    {
        return place(request, timeout);
    }

    /** Calls one number and reads out a code. */
    PlacedCall create_voice_verification_code(const VoiceVerificationCode &request, const Timeout timeout = {}) const
    {
        return place(request, timeout);
    }

    /** Ends a call and releases both parties. */
    void terminate_call(const std::string_view session_id, const Timeout timeout = {}) const
    {
        TerminateCall request;
        request.session_id = session_id;
        perform(detail::Operation<TerminateCall>::name, detail::to_value(request), timeout);
    }

    /** A short-lived address of a recording. Whoever has it can listen; do not log it. */
    std::string get_recording_download_url(const Recording &request, const Timeout timeout = {}) const
    {
        const Value answer = perform(detail::Operation<Recording>::name, detail::to_value(request), timeout);
        return std::string(answer.text("/url").value_or(""));
    }

    /**
     * Fetches the recording of a call into a file: whole or not at all.
     *
     * Returns its length; nothing when the CDR names no recording.
     */
    std::optional<std::uint64_t> download_recording(
        const Cdr &cdr, const std::string &path, const DownloadOptions &how = {}) const
    {
        const std::string source = cdr.summary().json("/recording");
        if (source.empty()) return std::nullopt;
        return download(Value::parse(source), path, how);
    }

    /** The same for a recording that is known by its names. */
    std::uint64_t download_recording(const Recording &recording, const std::string &path, const DownloadOptions &how = {}) const
    {
        return download(detail::to_value(recording), path, how);
    }

    /** The exact HTTP request that a call would send, secrets hidden and numbers masked. Sends nothing. */
    template <class Request> std::string preview(const Request &request) const
    {
        const Value arguments = detail::to_value(request);
        const Value text(detail::made<voicecall_value>(
            voicecall_client_preview, client_.get(), detail::Operation<Request>::name, arguments.get()));
        return std::string(text.text("").value_or(""));
    }

    /** Any operation by its name, for what the structures do not have; see voicecall_client_call(). */
    Value perform(const char *const operation, const Value &arguments, const Timeout timeout = {}) const
    {
        return Value(detail::made<voicecall_value>(voicecall_client_call, client_.get(), operation, arguments.get(),
            timeout.value_or(std::chrono::milliseconds(0)).count()));
    }

    /** Ends calls in flight on other threads with ClosedError, and refuses new ones. As often as you like. */
    void close() const noexcept { voicecall_client_close(client_.get(), nullptr); }

private:
    template <class Request> PlacedCall place(const Request &request, const Timeout timeout) const
    {
        static_assert(detail::Operation<Request>::places_call, "this request places no call");
        Value answer = perform(detail::Operation<Request>::name, detail::to_value(request), timeout);
        PlacedCall call;
        get(detail::AnswerReader{answer}, call);
        call.json = answer.json();
        return call;
    }

    std::uint64_t download(const Value &source, const std::string &path, const DownloadOptions &how) const;

    detail::Owned<voicecall_client, voicecall_client_free> client_;
};

namespace detail {

/** Carries a progress function through C, and its exception back. */
struct Progress {
    const std::function<bool(std::uint64_t, std::optional<std::uint64_t>)> &function;
    std::exception_ptr exception;

    static std::int32_t report(const std::uint64_t bytes, const std::int64_t total, void *const user) noexcept
    {
        Progress &progress = *static_cast<Progress *>(user);
        try {
            const auto whole = total < 0 ? std::nullopt : std::optional<std::uint64_t>(static_cast<std::uint64_t>(total));
            return progress.function(bytes, whole) ? 0 : 1;
        } catch (...) {
            progress.exception = std::current_exception();
            return 1;
        }
    }
};

} // namespace detail

inline std::uint64_t Client::download(const Value &source, const std::string &path, const DownloadOptions &how) const
{
    detail::Progress progress{how.progress, nullptr};
    std::uint64_t bytes = 0;
    try {
        detail::run(voicecall_client_download_recording, client_.get(), source.get(), path.c_str(),
            how.timeout.value_or(std::chrono::milliseconds(0)).count(),
            static_cast<std::uint32_t>(how.overwrite ? VOICECALL_DOWNLOAD_OVERWRITE : 0),
            how.progress ? &detail::Progress::report : nullptr, static_cast<void *>(&progress), &bytes);
    } catch (const ClosedError &) {
        if (progress.exception) std::rethrow_exception(progress.exception);
        throw;
    }
    return bytes;
}

} // namespace voicecall

#endif // VOICECALL_HPP
