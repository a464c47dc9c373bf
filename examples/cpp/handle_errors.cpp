/*
 * Meets an error of almost every kind on purpose, prints its kind, its delivery and its advice, and decides what to do
 * next. Only to be run against the local platform: `voicecall sandbox` refuses certain numbers with certain result codes.
 *
 * Usage: handle_errors
 * Environment: VOICECALL_APP_KEY, VOICECALL_APP_SECRET, VOICECALL_ENDPOINT
 */
#include <cstdlib>
#include <iostream>
#include <map>

#include <voicecall.hpp>

namespace {

/* What to do next: first by the delivery (may a phone be ringing?), then by the kind. */
std::string_view next_step(const voicecall::Error &error)
{
    using voicecall::ErrorKind;
    if (error.delivery() == voicecall::Delivery::unknown)
        return "wait for a webhook of this call, or ask the person; do not call again";
    switch (error.kind()) {
    case ErrorKind::invalid_argument: return "correct the field in the form";
    case ErrorKind::configuration: return "stop, and show the setting to the operator";
    case ErrorKind::connect:
    case ErrorKind::tls:
    case ErrorKind::timeout:
    case ErrorKind::connection_lost: return "nothing was sent: call again later";
    case ErrorKind::rejected: return "show the meaning of the result code";
    case ErrorKind::authentication: return "stop: repeating it locks this address out";
    case ErrorKind::throttled: return "put the call into the queue of the next minute";
    case ErrorKind::protocol: return "ask who answers at this endpoint";
    case ErrorKind::closed: return "go home, the program is ending";
    case ErrorKind::malformed_webhook:
    case ErrorKind::signature: return "send the reply that says no, and keep the body";
    case ErrorKind::storage: return "make room on the disk";
    case ErrorKind::internal: break;
    }
    return "report it"; // And so for kinds of later versions.
}

void tell(const voicecall::Error &error)
{
    std::cout << "  kind: " << name(error.kind()) << ", delivery: " << name(error.delivery())
              << ", retry: " << name(error.retry()) << '\n';
    if (const auto field = error.field()) std::cout << "  field: " << *field << '\n';
    if (const auto code = error.result_code()) std::cout << "  result code: " << *code << '\n';
    std::cout << "  advice: " << error.advice() << "\n  next: " << next_step(error) << '\n';
}

void call(const char *const what, const voicecall::Config &config, const char *const callee, const bool closed = false)
{
    std::cout << what << '\n';
    try {
        const voicecall::Client client(config);
        if (closed) client.close();
        voicecall::VoiceNotification request;
        request.display_nbr = "+867550000088";
        request.callee_nbr = callee;
        request.play_info_list.emplace_back().notify_voice = "notifyvoice.wav";
        client.create_voice_notification(request);
        std::cout << "  placed\n";
    } catch (const voicecall::Error &error) {
        tell(error);
    }
}

void receive(const char *const what, const std::string_view body, const voicecall::Policy policy)
{
    std::cout << what << '\n';
    voicecall::WebhookConfig config;
    config.urls = {"https://push.example.com/fee"};
    config.applications.push_back({"key", "secret"});
    config.policy = policy;
    const voicecall::Webhook webhook(config);
    const std::map<std::string, std::string> no_headers;
    try {
        webhook.receive(no_headers, body).event();
    } catch (const voicecall::SignatureError &error) { // Each kind has its own class, too.
        tell(error);
    } catch (const voicecall::MalformedWebhookError &error) {
        tell(error);
    }
}

} // namespace

int main()
{
    const auto setting = [](const char *const name) {
        const char *const value = std::getenv(name);
        return std::string(value == nullptr ? "" : value);
    };
    voicecall::Config good;
    good.app_key = setting("VOICECALL_APP_KEY");
    good.app_secret = setting("VOICECALL_APP_SECRET");
    good.endpoint = setting("VOICECALL_ENDPOINT");
    good.retries = 0; // Without value: 2, of what did not reach the platform.
    auto no_secret = good, wrong_secret = good, nobody_there = good;
    no_secret.app_secret.clear();
    wrong_secret.app_secret = "not-the-secret";
    nobody_there.endpoint = "http://127.0.0.1:1";

    call("a number without its country code", good, "13800000021");
    call("a client without a secret", no_secret, "+8613800000021");
    call("nobody at the endpoint", nobody_there, "+8613800000021");
    call("a callee on the black list", good, "+8613801013004");
    call("a wrong secret", wrong_secret, "+8613800000021");
    call("too many calls", good, "+8613801013001");
    call("the platform itself timed out", good, "+8613801023002");
    call("a client that was closed", good, "+8613800000021", true);
    receive("a webhook cut short", R"({"eventType":)", voicecall::Policy::off);
    receive("a webhook without signature", R"({"eventType":"fee","feeLst":[]})", voicecall::Policy::require);
}
