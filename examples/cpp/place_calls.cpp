/*
 * Places one call of each kind: a notification that waits for a key, a callback that is recorded, a verification code; and
 * ends the callback again. With the real platform's address real phones ring, and each call costs money.
 *
 * It does not wait for what becomes of the calls: webhooks tell that, see read_webhook.cpp.
 *
 * Usage: place_calls CUSTOMER AGENT
 *   CUSTOMER, AGENT: telephone numbers, e.g. +8613800000021
 * Environment: VOICECALL_APP_KEY, VOICECALL_APP_SECRET, VOICECALL_ENDPOINT (default: the real platform),
 *   VOICECALL_DISPLAY_NBR (a number that you ordered), VOICECALL_PUSH_URL (optional: where webhooks go)
 */
#include <cstdlib>
#include <iostream>

#include <voicecall.hpp>

namespace {

std::optional<std::string> from_environment(const char *const name)
{
    const char *const value = std::getenv(name);
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

const std::string display = from_environment("VOICECALL_DISPLAY_NBR").value_or("");
const std::optional<std::string> push_url = from_environment("VOICECALL_PUSH_URL");

/* Two things are played, and one key is waited for. */
void notify(const voicecall::Client &client, const std::string &customer)
{
    voicecall::PlayContentInfo file;
    file.notify_voice = "notifyvoice.wav";

    voicecall::PlayContentInfo spoken;
    spoken.template_id = "sandbox_pickup";
    spoken.template_paras = {"李先生", "2026/11/30", "18:00"};
    spoken.collect_ind = 1;

    voicecall::VoiceNotification request;
    request.display_nbr = display;
    request.callee_nbr = customer;
    request.play_info_list = {file, spoken};
    request.status_url = push_url; // Without value: the address in the console applies.
    request.fee_url = push_url;
    request.user_data = "parcel-4711"; // Comes back in every webhook of the call.

    const auto call = client.create_voice_notification(request);
    std::cout << "notification: session " << call.session_id << '\n';
}

/* The platform calls the agent first, then the customer, and joins them. The example then changes its mind. */
void connect_and_end(const voicecall::Client &client, const std::string &agent, const std::string &customer)
{
    voicecall::VoiceCallback request;
    request.display_nbr = display;
    request.caller_nbr = agent;
    request.display_callee_nbr = display;
    request.callee_nbr = customer;
    request.max_duration = 30;
    request.record_flag = true;
    request.return_idle_port = true;
    request.status_url = push_url;
    request.fee_url = push_url;

    const auto call = client.create_voice_callback(request, std::chrono::seconds(10));
    std::cout << "callback: session " << call.session_id << '\n';
    if (call.idle_port) std::cout << "callback: the platform tells its idle ports\n";

    client.terminate_call(call.session_id);
    std::cout << "callback: ended\n";
}

void read_out_code(const voicecall::Client &client, const std::string &customer)
{
    voicecall::VoiceVerificationCode request;
    request.display_nbr = display;
    request.callee_nbr = customer;
    request.language_type = 2;
    request.pre_tone = "pretone.wav";
    request.verify_code = "20408";
    request.times = 2; // Without value: 3 times. 0: without end.
    request.status_url = push_url;
    request.fee_url = push_url;

    const auto call = client.create_voice_verification_code(request);
    std::cout << "verification code: session " << call.session_id << '\n';
}

} // namespace

int main(const int argc, char **const argv)
{
    if (argc != 3) {
        std::cerr << "usage: place_calls CUSTOMER AGENT\n";
        return 2;
    }
    try {
        // On the real platform an application has one business type, so these would be three clients with three keys.
        voicecall::Config config;
        config.app_key = from_environment("VOICECALL_APP_KEY").value_or("");
        config.app_secret = from_environment("VOICECALL_APP_SECRET").value_or("");
        config.endpoint = from_environment("VOICECALL_ENDPOINT");
        const voicecall::Client client(config);

        notify(client, argv[1]);
        connect_and_end(client, argv[2], argv[1]);
        read_out_code(client, argv[1]);
        return EXIT_SUCCESS;
    } catch (const voicecall::Error &error) {
        std::cerr << "place_calls: " << error.what() << '\n' << error.advice() << '\n';
        return EXIT_FAILURE;
    }
}
