/* voicecall.hpp at work: what is set is sent, errors are classes with all they know, handles are owned, views stay alive. */
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <thread>
#include <type_traits>

#include "voicecall.hpp"

extern "C" {
#include "given.h"
#include "server.h"
}

namespace {

struct Stop {
    void operator()(server *const server) const { server_stop(server); }
};
using Server = std::unique_ptr<server, Stop>;

voicecall::Config config_of(const Server &server)
{
    voicecall::Config config;
    config.app_key = APP_KEY;
    config.app_secret = APP_SECRET;
    config.endpoint = server_url(server.get());
    return config;
}

voicecall::VoiceNotification notification()
{
    voicecall::VoiceNotification request;
    request.display_nbr = "+8675500000001";
    request.callee_nbr = "+8613800000021";
    request.play_info_list.emplace_back().notify_voice = "alarm.wav";
    return request;
}

/* Runs `what`, which has to throw an Error of this class, and gives the error. */
template <class Expected, class What> std::unique_ptr<Expected> thrown(const What &what)
{
    try {
        what();
    } catch (const Expected &error) {
        return std::make_unique<Expected>(error);
    } catch (const std::exception &other) {
        check_text(other.what(), "an error of another class", "thrown", __FILE__, __LINE__);
    }
    CHECK(!"nothing was thrown");
    return nullptr;
}

int keep_body(const int socket, const struct request *const request, void *const user)
{
    static const char body[] =
        R"({"resultcode":"0","resultdesc":"Success","sessionId":"session-0001","idlePort":0,"region":"north"})";
    *static_cast<std::string *>(user) = request->body;
    server_respond(socket, "200 OK", "", body, sizeof body - 1);
    return 0;
}

int refuse(const int socket, const struct request *, void *)
{
    static const char body[] = R"({"resultcode":"1013004","resultdesc":"13800000021 is in blacklist"})";
    server_respond(socket, "403 Forbidden", "", body, sizeof body - 1);
    return 1;
}

void what_is_set_is_sent_and_nothing_else()
{
    std::string body;
    const Server server(server_start(keep_body, &body));
    const voicecall::Client client(config_of(server));
    auto request = notification();
    request.play_info_list[0].collect_ind = 0;
    request.play_info_list[0].replay_after_collection = false;
    request.extra = R"({"bindNbr":"+8675500000002"})";
    const auto call = client.create_voice_notification(request, std::chrono::seconds(10));
    CHECK_TEXT(body.c_str(),
        R"({"displayNbr":"+8675500000001","calleeNbr":"+8613800000021","playInfoList":[{"notifyVoice":"alarm.wav",)"
        R"("collectInd":0,"replayAfterCollection":"false"}],"bindNbr":"+8675500000002"})");
    CHECK_TEXT(call.session_id.c_str(), "session-0001");
    CHECK(call.idle_port == 0);
    CHECK(voicecall::Value::parse(call.json).text("/region") == "north");
}

void every_operation_has_its_method()
{
    std::string body;
    const Server server(server_start(keep_body, &body));
    const voicecall::Client client(config_of(server));
    voicecall::VoiceCallback callback;
    callback.display_nbr = callback.display_callee_nbr = "+8675500000001";
    callback.caller_nbr = "+8613800000021";
    callback.callee_nbr = "+8613800000022";
    callback.last_min_to_ue = voicecall::LastMinToUe::to_caller;
    callback.max_duration = 5;
    client.create_voice_callback(callback);
    CHECK(body.find(R"("lastMinToUE":"toa")") != std::string::npos);
    voicecall::VoiceVerificationCode code;
    code.display_nbr = "+8675500000001";
    code.callee_nbr = "+8613800000021";
    code.language_type = 2;
    code.pre_tone = "pretone.wav";
    code.verify_code = "20408";
    client.create_voice_verification_code(code);
    CHECK(body.find(R"("languageType":2)") != std::string::npos);
    client.terminate_call(std::string_view("session-0001 and more", 12));
    CHECK_TEXT(body.c_str(), R"({"sessionid":"session-0001","signal":"call_stop"})");
    voicecall::Recording recording;
    recording.file_name = "r.wav";
    recording.record_domain = "ostor.example.com";
    thrown<voicecall::ProtocolError>([&] { client.get_recording_download_url(recording); });
}

void an_error_is_of_the_class_of_its_kind_and_keeps_all_it_knows()
{
    const Server server(server_start(refuse, nullptr));
    const voicecall::Client client(config_of(server));
    const auto error = thrown<voicecall::RejectedError>([&] { client.create_voice_notification(notification()); });
    if (!error) return;
    const voicecall::Error copy = *error;
    CHECK(copy.kind() == voicecall::ErrorKind::rejected && copy.delivery() == voicecall::Delivery::answered);
    CHECK(copy.retry() == voicecall::Retry::never && copy.http_status() == 403 && copy.result_code() == "1013004");
    CHECK(copy.result_desc() == "*******0021 is in blacklist" && copy.meaning() && !copy.field() && !copy.measured());
    CHECK(name(copy.kind()) == "rejected" && name(copy.delivery()) == "answered" && name(copy.retry()) == "never");
    CHECK(*copy.what() != '\0' && std::strstr(copy.what(), "13800000021") == nullptr && !copy.advice().empty());

    auto request = notification();
    request.callee_nbr = std::string("+86138\0" "0000021", 14);
    const auto invalid = thrown<voicecall::InvalidArgumentError>([&] { client.create_voice_notification(request); });
    CHECK(invalid && invalid->field() == "/calleeNbr" && invalid->rule() == "number_format");
    CHECK(invalid && invalid->delivery() == voicecall::Delivery::not_sent && !invalid->http_status());
    const auto configuration = thrown<voicecall::ConfigurationError>([] { voicecall::Client(voicecall::Config{}); });
    CHECK(configuration && configuration->field() == "/appKey");
}

void a_moved_client_goes_on_and_a_closed_one_does_not()
{
    static_assert(!std::is_copy_constructible_v<voicecall::Client> && std::is_nothrow_move_constructible_v<voicecall::Client>);
    static_assert(!std::is_copy_constructible_v<voicecall::Webhook> && !std::is_copy_constructible_v<voicecall::Value>);
    static_assert(std::is_nothrow_copy_constructible_v<voicecall::Error>);
    const Server server(server_start(answer_never, nullptr));
    voicecall::Client first(config_of(server));
    const voicecall::Client client = std::move(first);
    std::thread closer([&] {
        server_wait_for_requests(server.get(), 1);
        client.close();
    });
    const auto error = thrown<voicecall::ClosedError>([&] { client.create_voice_notification(notification()); });
    closer.join();
    CHECK(error && error->delivery() == voicecall::Delivery::unknown);
}

void a_preview_sends_nothing_and_hides_what_is_private()
{
    std::string body;
    const Server server(server_start(keep_body, &body));
    const voicecall::Client client(config_of(server));
    const std::string text = client.preview(notification());
    CHECK(text.find("POST ") == 0 && text.find("+8613800000021") == std::string::npos);
    CHECK(body.empty());
}

void records_outlive_their_event()
{
    std::optional<voicecall::Cdr> kept;
    std::optional<voicecall::StatusEvent> status;
    for (const voicecall::Cdr &cdr : voicecall::Event(FEE_BODY).cdrs()) kept = cdr;
    status = voicecall::Event(STATUS_BODY).status();
    CHECK(kept && kept->session_id == "session-0001" && kept->ul_fail_reason == 0 && !kept->dyn_ivr_path);
    CHECK(kept && kept->fwd_answer_time && kept->fwd_answer_time->text == "2019-01-24 03:04:38");
    CHECK(kept && std::chrono::system_clock::to_time_t(kept->fwd_answer_time->at) == 1548299078);
    CHECK(kept && kept->summary("0.18").integer("/billable_minutes") == 2 && kept->raw().find("voiceCheckType") > 0);
    CHECK(status && status->type == voicecall::EventType::disconnect && status->state_code == 7002);
    CHECK(status && status->summary().integer("/explanation/cause/code") == 7002);
}

void an_event_of_any_kind_can_be_asked_for_every_kind()
{
    const voicecall::Event status(STATUS_BODY), fee(FEE_BODY), unknown(R"({"eventType":"callin"})");
    CHECK(status.cdrs().empty() && !fee.status() && fee.cdrs().size() == 1);
    CHECK(unknown.event_type() == voicecall::EventType::unknown && unknown.type() == "callin");
    CHECK(unknown.cdrs().begin() == unknown.cdrs().end() && !unknown.status());
    CHECK(fee.value().text("/feeLst/0/icid") == "CAE-1" && fee.rejected().size("") == 0);
    thrown<voicecall::MalformedWebhookError>([] { voicecall::Event("{"); });
}

void a_webhook_takes_headers_of_any_container()
{
    voicecall::WebhookConfig config;
    config.urls = {"https://push.example.com/fee"};
    config.applications.push_back({APP_KEY, APP_SECRET});
    config.policy = voicecall::Policy::require;
    config.tolerance = std::chrono::minutes(5);
    const voicecall::Webhook webhook(config);
    voicecall_value *signed_headers = nullptr;
    voicecall_webhook_sign(
        APP_KEY, APP_SECRET, "https://push.example.com/fee", nullptr, VOICECALL_NOW, &signed_headers, nullptr);
    const voicecall::Value headers(signed_headers);
    std::map<std::string, std::string> map;
    for (const auto &key : headers.keys("")) map.emplace(key, *headers.text(('/' + key).c_str()));
    const auto received = webhook.receive(map, FEE_BODY);
    CHECK(received.verdict().text("/verdict") == "valid" && received.event().cdrs().size() == 1);
    CHECK(received.reply(true).status == 200 && received.reply(false).status == 503);
    CHECK(received.reply(true).headers.size() == 1 && !received.reply(true).body.empty());

    const std::vector<std::pair<const char *, std::string_view>> none;
    const auto refused = webhook.receive(none, FEE_BODY);
    thrown<voicecall::SignatureError>([&] { refused.event(); });
    CHECK(refused.reply(true).status == 401);
}

/* Serves a recording of some bytes, whatever is asked for. */
int recording(const int socket, const struct request *const request, void *)
{
    if (std::strstr(request->head, "/rest/provision") == nullptr) {
        static const char bytes[4096] = {};
        server_respond(socket, "200 OK", "Content-Type: audio/wav\r\n", bytes, sizeof bytes);
        return 1;
    }
    const char *const host = std::strstr(request->head, "127.0.0.1:");
    char headers[200];
    std::snprintf(headers, sizeof headers, "Location: http://127.0.0.1:%d/r.wav\r\n", std::atoi(host + 10));
    server_respond(socket, "301 Moved Permanently", headers, "", 0);
    return 1;
}

void a_download_reports_stops_and_throws_through_c()
{
    const Server server(server_start(recording, nullptr));
    const voicecall::Client client(config_of(server));
    const voicecall::Event fee(FEE_BODY), without(R"({"eventType":"fee","feeLst":[{"sessionId":"s"}]})");
    char path[] = "/tmp/voicecall-test-XXXXXX";
    const int file = mkstemp(path);
    CHECK(file >= 0);
    voicecall::DownloadOptions how;
    how.overwrite = true;
    std::uint64_t last = 0;
    how.progress = [&](const std::uint64_t bytes, std::optional<std::uint64_t>) {
        last = bytes;
        return true;
    };
    CHECK(client.download_recording(fee.cdrs()[0], path, how) == 4096 && last == 4096);
    CHECK(!client.download_recording(without.cdrs()[0], path, how));
    how.progress = [](std::uint64_t, std::optional<std::uint64_t>) { return false; };
    thrown<voicecall::ClosedError>([&] { client.download_recording(fee.cdrs()[0], path, how); });
    how.progress = [](std::uint64_t, std::optional<std::uint64_t>) -> bool { throw std::runtime_error("from below"); };
    const auto error = thrown<std::runtime_error>([&] { client.download_recording(fee.cdrs()[0], path, how); });
    CHECK(error && std::strcmp(error->what(), "from below") == 0);
    how.overwrite = false;
    how.progress = nullptr;
    const auto exists = thrown<voicecall::InvalidArgumentError>([&] { client.download_recording(fee.cdrs()[0], path, how); });
    CHECK(exists && exists->rule() == "conflict");
    std::remove(path);
}

void a_value_is_built_and_read_by_pointers()
{
    voicecall::Value value;
    value.set_text("/list/-", "one");
    value.set_text("/list/-", "");
    value.set_integer("/number", 5);
    value.set_flag("/flag", false);
    value.set_json("/null", "null");
    CHECK_TEXT(value.json().c_str(), R"({"list":["one",""],"number":5,"flag":false,"null":null})");
    CHECK(value.text("/list/0") == "one" && value.integer("/number") == 5 && value.flag("/flag") == false);
    CHECK(!value.text("/null") && !value.text("/nowhere") && value.size("/list") == 2 && value.json("/nowhere").empty());
    CHECK(value.keys("").size() == 4 && value.keys("")[1] == "number");
    thrown<voicecall::InvalidArgumentError>([&] { value.text("/number"); });
}

/* A folder that goes when the test does. */
struct Folder {
    Folder()
    {
        char name[] = "/tmp/voicecall-cpp-XXXXXX";
        if (mkdtemp(name) != nullptr) path = name;
    }
    ~Folder() { std::filesystem::remove_all(path); }

    voicecall::IntakeConfig store() const
    {
        voicecall::IntakeConfig config;
        config.store = "sqlite:" + (path / "calls.db").string();
        return config;
    }

    std::filesystem::path path;
};

using NoHeaders = std::map<std::string, std::string>;

void an_intake_keeps_pushes_once_also_when_it_is_opened_again()
{
    const Folder folder;
    {
        const voicecall::Intake intake(folder.store());
        const auto receipt = intake.receive(NoHeaders{}, FEE_BODY);
        CHECK_INT(receipt.reply().status, 200);
        CHECK(receipt.accepted() == 1 && receipt.duplicates() == 0 && receipt.is_new(0) && !receipt.is_new(1));
        const voicecall::Event event = receipt.event();
        CHECK(event.cdrs()[0].session_id == "session-0001");
        CHECK(receipt.value().text("/verdict/verdict") == "not_checked");
        const auto bad = intake.receive(NoHeaders{}, R"({"eventType":"fee","feeLst":[{"icid":1},{"sessionId":"s","icid":"i"}]})");
        CHECK(bad.reply().status == 200 && bad.accepted() == 1 && bad.rejected() == 1);
    }
    voicecall::Intake first(folder.store());
    const voicecall::Intake intake(std::move(first));
    const auto again = intake.receive(NoHeaders{}, FEE_BODY);
    CHECK(again.accepted() == 0 && again.duplicates() == 1 && again.conflicts() == 0);
    const auto broken = intake.receive(NoHeaders{}, "{");
    CHECK_INT(broken.reply().status, 500);
    thrown<voicecall::MalformedWebhookError>([&] { broken.event(); });
    static_assert(!std::is_copy_constructible_v<voicecall::Intake> && !std::is_copy_constructible_v<voicecall::Receipt>);
}

void the_calls_of_an_intake_are_asked_for_waited_for_and_purged()
{
    const Folder folder;
    const voicecall::Intake intake(folder.store());
    CHECK(!intake.call("session-0001"));
    std::thread receiver([&] { intake.receive(NoHeaders{}, FEE_BODY); });
    const auto billed = intake.wait_for("session-0001", "billed", std::chrono::minutes(1));
    receiver.join();
    CHECK(billed && billed->text("/state") == "billed" && billed->flag("/answered") == true);
    CHECK(!intake.wait_for("session-0001", "digits", std::chrono::milliseconds(10)));
    intake.receive(NoHeaders{}, R"({"eventType":"fee","feeLst":[{"sessionId":"session-0002","icid":"i"}]})");
    voicecall::CallFilter filter;
    filter.limit = 1;
    auto page = intake.calls(filter);
    CHECK(page.calls.size() == 1 && page.next);
    filter.after = page.next;
    CHECK_INT(static_cast<int>(intake.calls(filter).calls.size()), 1);
    CHECK(intake.unsettled().empty());
    CHECK(intake.totals()[0].integer("/calls") == 2);
    std::string csv;
    CHECK(intake.export_to([&](const std::string_view piece) { csv += piece; }, voicecall::ExportFormat::csv) == 2);
    CHECK(csv.find("CAE-1") != std::string::npos);
    bool stopped = false;
    try {
        intake.export_to([](std::string_view) { throw std::runtime_error("full"); }, voicecall::ExportFormat::ndjson);
    } catch (const std::runtime_error &) {
        stopped = true;
    }
    CHECK(stopped);
    thrown<voicecall::InvalidArgumentError>([&] { intake.perform("cals", voicecall::Value()); });
    intake.receive(NoHeaders{}, "no push");
    const auto rejected = intake.rejected("malformed");
    CHECK(rejected.texts.size() == 1 && rejected.texts[0].text("/raw") == "no push" && !rejected.next);
    CHECK(intake.rejected("record").texts.empty());
    intake.check();
    intake.probe();
    CHECK(intake.stored_number("+8613800000022") == "+8613800000022");
    CHECK(intake.purge(std::chrono::system_clock::now()).calls >= 1);
    CHECK(!intake.call("session-0001"));
    intake.close();
    thrown<voicecall::ClosedError>([&] { intake.calls(); });
}

void an_attempt_carries_its_tag_and_a_placed_call_begins_its_story()
{
    const Folder folder;
    const voicecall::Intake intake(folder.store());
    auto request = notification();
    request.user_data = "order-7";
    const auto attempt = intake.attempt(request);
    CHECK(attempt.user_data == "order-7-" + attempt.tag);
    request.user_data = attempt.user_data;
    voicecall::PlacedCall call;
    call.session_id = "session-0009";
    intake.placed(request, call, attempt.tag);
    const auto story = intake.call("session-0009");
    CHECK(story && story->text("/state") == "placed" && story->text("/user_data") == "order-7");
    CHECK(story && story->text("/attempt_tag") == attempt.tag);
    const auto another = intake.attempt(request);
    CHECK(another.user_data == "order-7-" + another.tag);
    intake.withdraw(another.tag);
    const auto error = thrown<voicecall::ConfigurationError>([] { voicecall::Intake(voicecall::IntakeConfig{}); });
    CHECK(error && error->field() == "/store");
}

} // namespace

int main()
{
    static const struct test tests[] = {
        {"what is set is sent, and nothing else", what_is_set_is_sent_and_nothing_else},
        {"every operation has its method", every_operation_has_its_method},
        {"an error is of the class of its kind and keeps all it knows", an_error_is_of_the_class_of_its_kind_and_keeps_all_it_knows},
        {"a moved client goes on, and a closed one does not", a_moved_client_goes_on_and_a_closed_one_does_not},
        {"a preview sends nothing and hides what is private", a_preview_sends_nothing_and_hides_what_is_private},
        {"records outlive their event", records_outlive_their_event},
        {"an event of any kind can be asked for every kind", an_event_of_any_kind_can_be_asked_for_every_kind},
        {"a webhook takes headers of any container", a_webhook_takes_headers_of_any_container},
        {"a download reports, stops and throws through C", a_download_reports_stops_and_throws_through_c},
        {"an intake keeps pushes once, also when it is opened again", an_intake_keeps_pushes_once_also_when_it_is_opened_again},
        {"the calls of an intake are asked for, waited for and purged",
            the_calls_of_an_intake_are_asked_for_waited_for_and_purged},
        {"an attempt carries its tag, and a placed call begins its story",
            an_attempt_carries_its_tag_and_a_placed_call_begins_its_story},
        {"a value is built and read by pointers", a_value_is_built_and_read_by_pointers},
    };
    return CHECK_RUN(tests);
}
