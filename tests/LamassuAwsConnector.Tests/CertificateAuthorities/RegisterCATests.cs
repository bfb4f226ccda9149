using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Amazon.IoT;
using Amazon.IoT.Model;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Builders;
using LamassuAwsConnector.Tests.Infrastructure;

namespace LamassuAwsConnector.Tests.CertificateAuthorities;

/// <summary>What a CA's registration leaves in AWS and in its metadata, through both doors.</summary>
public sealed class RegisterCATests
{
    private const string CA = "ca-1";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Door.Event, true, "DEFAULT")]
    [InlineData(Door.Event, false, "SNI_ONLY")]
    [InlineData(Door.Http, true, "DEFAULT")]
    [InlineData(Door.Http, false, "SNI_ONLY")]
    public async Task A_CA_is_registered_and_active_in_the_mode_that_is_asked_for(Door door, bool primaryAccount, string mode)
    {
        await using var stage = await TestStage.StartAsync(door);

        await RegisterAsync(stage, door, primaryAccount);

        var ca = await stage.DescribeCAAsync(CA);
        Assert.Equal((CACertificateStatus.ACTIVE, mode), (ca!.Status, ca.CertificateMode.Value));
        Assert.Equal(AutoRegistrationStatus.DISABLE, ca.AutoRegistrationStatus);
    }

    [Theory]
    [InlineData(Door.Event)]
    [InlineData(Door.Http)]
    public async Task The_verification_certificate_lives_a_day_and_is_revoked_in_Lamassu(Door door)
    {
        await using var stage = await TestStage.StartAsync(door);

        await RegisterAsync(stage, door, primaryAccount: true);

        var certificates = stage.State.All(LamassuKind.Certificate).Where(certificate => certificate["is_ca"]?.GetValue<bool>() != true);
        var verification = Assert.Single(certificates);
        Assert.Equal("REVOKED", verification["status"]!.GetValue<string>());
        Assert.True(Time(verification, "valid_to") - Time(verification, "valid_from") <= TimeSpan.FromDays(1) + TimeSpan.FromMinutes(5), verification.ToJsonString());
    }

    [Fact]
    public async Task The_Lamassu_3_note_has_the_members_of_that_dialect()
    {
        await using var stage = await TestStage.StartAsync(Door.Event);

        await RegisterAsync(stage, Door.Event, primaryAccount: true, LamassuJson.Lamassu3Key);

        var note = stage.State.Find(LamassuKind.CA, CA)!["metadata"]![LamassuJson.Lamassu3Key]!.AsObject();
        Assert.Equal(["account", "arn", "certificate_id", "mqtt_endpoint", "region", "registration"], note.Select(member => member.Key).Order());
        AssertAddresses(stage, note, "mqtt_endpoint");
        var registration = note["registration"]!;
        Assert.Equal("SUCCEEDED", registration["status"]!.GetValue<string>());
        Assert.Equal("", registration["error"]!.GetValue<string>());
        Assert.True(registration["primary_account"]!.GetValue<bool>());
        Assert.Equal("2026-11-01T10:00:00.000Z", registration["registration_request_time"]!.GetValue<string>());
        Assert.True(DateTimeOffset.TryParse(registration["registration_time"]!.GetValue<string>(), out _));
    }

    [Fact]
    public async Task The_documented_note_has_the_members_of_the_documentation()
    {
        await using var stage = await TestStage.StartAsync(Door.Event);

        await RegisterAsync(stage, Door.Event, primaryAccount: true, LamassuJson.DocumentedKey);

        var note = stage.State.Find(LamassuKind.CA, CA)!["metadata"]![LamassuJson.DocumentedKey]!.AsObject();
        Assert.Equal(["account", "arn", "certificate_id", "iot_core_mqtt_endpoint", "region", "registration"], note.Select(member => member.Key).Order());
        AssertAddresses(stage, note, "iot_core_mqtt_endpoint");
        Assert.Equal(["primary_account", "registration_time", "status"], note["registration"]!.AsObject().Select(member => member.Key).Order());
        Assert.Equal("succeeded", note["registration"]!["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_request_that_a_metadata_event_brings_is_carried_out_and_other_members_stay()
    {
        await using var stage = await TestStage.StartAsync(Door.Event);
        await stage.Lamassu.CreateCAAsync(CA);
        await stage.WhenQuietAsync();
        Assert.Empty(await stage.AwsCallsAsync());

        var value = LamassuJson.Requested(LamassuJson.Lamassu3Key, primaryAccount: false)[LamassuJson.Lamassu3Key]!.DeepClone().AsObject();
        value["theirs"] = "kept";
        await stage.Lamassu.PatchCAAsync(CA, new JsonObject
        {
            ["patches"] = new JsonArray(new JsonObject { ["op"] = "add", ["path"] = "/lamassu.io~1iot~1aws-iot-test", ["value"] = value }),
        });
        await stage.WhenQuietAsync();

        Assert.Equal(CertificateMode.SNI_ONLY, (await stage.DescribeCAAsync(CA))!.CertificateMode);
        Assert.Equal("kept", stage.Note(LamassuKind.CA, CA)!["theirs"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(Door.Event)]
    [InlineData(Door.Http)]
    public async Task A_CA_registered_twice_is_not_written_again(Door door)
    {
        await using var stage = await TestStage.StartAsync(door);
        await RegisterAsync(stage, door, primaryAccount: true);
        await stage.ForgetCallsAsync();

        if (door == Door.Http)
        {
            var answer = await PostAsync(stage, primaryAccount: true);
            Assert.Equal("already_registered", answer["status"]!.GetValue<string>());
        }
        else
        {
            await stage.PublishAsync("ca.create", $"ca/{CA}", new JsonObject { ["id"] = CA });
        }

        Assert.Empty(await stage.AwsWritesAsync());
        Assert.DoesNotContain(stage.LamassuCalls(), call => !call.StartsWith("GET", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_request_for_a_CA_that_is_there_already_ends_as_succeeded_with_its_ARN()
    {
        await using var stage = await TestStage.StartAsync(Door.Event);
        await RegisterAsync(stage, Door.Event, primaryAccount: true);
        await stage.ForgetCallsAsync();

        await stage.Lamassu.PatchCAAsync(CA, new JsonObject
        {
            ["patches"] = new JsonArray(new JsonObject
            {
                ["op"] = "add",
                ["path"] = "/lamassu.io~1iot~1aws-iot-test",
                ["value"] = LamassuJson.Requested(LamassuJson.Lamassu3Key, primaryAccount: true)[LamassuJson.Lamassu3Key]!.DeepClone(),
            }),
        });
        await stage.WhenQuietAsync();

        Assert.Equal("SUCCEEDED", stage.Note(LamassuKind.CA, CA)!["registration"]!["status"]!.GetValue<string>());
        Assert.Contains(":cacert/", stage.Note(LamassuKind.CA, CA)!["arn"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty(await stage.AwsWritesAsync());
    }

    [Fact]
    public async Task A_CA_that_somebody_set_INACTIVE_is_left_so_and_said()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);
        await RegisterAsync(stage, Door.Http, primaryAccount: true);
        await stage.IoT.UpdateCACertificateAsync(new UpdateCACertificateRequest { CertificateId = stage.CAId(CA), NewStatus = CACertificateStatus.INACTIVE }, Cancellation);

        var answer = await PostAsync(stage, primaryAccount: true);

        Assert.Equal("INACTIVE", answer["aws_status"]!.GetValue<string>());
        Assert.Equal(CACertificateStatus.INACTIVE, (await stage.DescribeCAAsync(CA))!.Status);
    }

    [Fact]
    public async Task Auto_registration_that_somebody_switched_on_stays_on_when_the_registration_is_repeated()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);
        await RegisterAsync(stage, Door.Http, primaryAccount: true);
        await stage.IoT.UpdateCACertificateAsync(
            new UpdateCACertificateRequest { CertificateId = stage.CAId(CA), NewAutoRegistrationStatus = AutoRegistrationStatus.ENABLE }, Cancellation);

        await PostAsync(stage, primaryAccount: true);

        Assert.Equal(AutoRegistrationStatus.ENABLE, (await stage.DescribeCAAsync(CA))!.AutoRegistrationStatus);
    }

    [Fact]
    public async Task A_CA_that_asks_for_nothing_or_asks_another_connector_is_left_alone()
    {
        await using var stage = await TestStage.StartAsync(Door.Event);
        var request = LamassuJson.Requested(LamassuJson.Lamassu3Key, primaryAccount: true)[LamassuJson.Lamassu3Key]!.DeepClone();

        await stage.Lamassu.CreateCAAsync("ca-2", new JsonObject { ["lamassu.io/iot/another"] = request });
        await stage.Lamassu.CreateCAAsync("ca-3", []);
        await stage.WhenQuietAsync();

        Assert.Empty(await stage.AwsCallsAsync());
    }

    [Fact]
    public async Task An_event_of_a_CA_that_is_gone_is_acknowledged()
    {
        await using var stage = await TestStage.StartAsync(Door.Event);

        var end = await stage.PublishAsync("ca.create", "ca/gone", new JsonObject { ["id"] = "gone" });

        Assert.Equal("gone", end.Outcome);
    }

    /// <summary>A CA is created and its registration asked for through the door.</summary>
    internal static async Task RegisterAsync(TestStage stage, Door door, bool primaryAccount, string key = LamassuJson.Lamassu3Key)
    {
        await stage.Lamassu.CreateCAAsync(CA, door == Door.Event ? LamassuJson.Requested(key, primaryAccount) : null);
        if (door == Door.Http)
        {
            Assert.Equal("registered", (await PostAsync(stage, primaryAccount))["status"]!.GetValue<string>());
        }

        await stage.WhenQuietAsync();
        Assert.Equal("succeeded", stage.Note(LamassuKind.CA, CA)!["registration"]!["status"]!.GetValue<string>(), ignoreCase: true);
    }

    private static async Task<JsonObject> PostAsync(TestStage stage, bool primaryAccount)
    {
        using var response = await stage.PostAsync($"/v1/cas/{CA}/register-aws", new JsonObject { ["connector_id"] = TestStage.ConnectorId, ["primary_account"] = primaryAccount });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!;
    }

    private static DateTimeOffset Time(JsonObject certificate, string member) =>
        DateTimeOffset.Parse(certificate[member]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture);

    private static void AssertAddresses(TestStage stage, JsonObject note, string endpoint)
    {
        Assert.Equal(TestStage.Account, note["account"]!.GetValue<string>());
        Assert.Equal(TestStage.Region, note["region"]!.GetValue<string>());
        Assert.Equal(stage.CAId(CA), note["certificate_id"]!.GetValue<string>());
        Assert.Equal($"arn:aws:iot:{TestStage.Region}:{TestStage.Account}:cacert/{stage.CAId(CA)}", note["arn"]!.GetValue<string>());
        Assert.EndsWith($"-ats.iot.{TestStage.Region}.amazonaws.com", note[endpoint]!.GetValue<string>(), StringComparison.Ordinal);
    }
}
