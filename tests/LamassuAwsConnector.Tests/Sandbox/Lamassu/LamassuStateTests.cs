using System.Security.Cryptography;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;

namespace LamassuAwsConnector.Tests.Sandbox.Lamassu;

/// <summary>What is put into the stand-in from outside, as a replay does.</summary>
public sealed class LamassuStateTests
{
    [Fact]
    public async Task An_object_is_stored_as_it_is_without_an_event_and_answered_so()
    {
        await using var lamassu = await LamassuHarness.StartAsync();
        const string Text = """{"id":"dev","status":"ODD","later":[1.5],"creation_timestamp":"2026-01-01T00:00:00.123456789Z","metadata":null}""";
        var device = JsonNode.Parse(Text)!.AsObject();

        lamassu.StandIn.State.Store(LamassuKind.Device, device);
        device["status"] = "changed afterwards";

        var answer = await lamassu.Devices("GET", "/v1/devices/dev");
        Assert.Equal(Text, answer.Text);
        Assert.Empty(lamassu.Published);
        Assert.True(lamassu.StandIn.State.Remove(LamassuKind.Device, "dev"));
        Assert.False(lamassu.StandIn.State.Remove(LamassuKind.Device, "dev"));
    }

    [Fact]
    public async Task A_CA_s_certificate_is_a_row_of_its_own_whose_changes_show_in_the_CA()
    {
        await using var lamassu = await LamassuHarness.StartAsync();
        var recorded = RecordedCA("02-ca-create-plain");
        var serialNumber = (string)recorded["serial_number"]!;

        lamassu.StandIn.State.Store(LamassuKind.CA, recorded);

        Assert.True(JsonNode.DeepEquals(recorded, lamassu.StandIn.State.Find(LamassuKind.CA, "ca-plain")));
        Assert.Equal(recorded.Select(member => member.Key), (await lamassu.CA("GET", "/v1/cas/ca-plain")).Json.Select(member => member.Key));
        await lamassu.CA("PUT", $"/v1/certificates/{serialNumber}/status", LamassuBodies.Status("REVOKED"));
        Assert.Equal("REVOKED", (string?)lamassu.StandIn.State.Find(LamassuKind.CA, "ca-plain")!["certificate"]!["status"]);
        Assert.Equal("REVOKED", (string?)Assert.Single(lamassu.StandIn.State.All(LamassuKind.CA))["certificate"]!["status"]);
    }

    [Theory]
    [InlineData("02-ca-create-plain", "ca-plain", true)]
    [InlineData("05-ca-import-with-key", "ca-imp", false)]
    [InlineData("06-ca-import-without-key", "ca-ext", false)]
    public async Task A_recorded_CA_is_signed_for_with_the_replay_key_if_there_is_one_and_it_could_sign(string scenario, string id, bool signs)
    {
        foreach (var replayKey in new[] { true, false })
        {
            await using var lamassu = await LamassuHarness.StartAsync(new() { ReplayKey = replayKey });
            lamassu.StandIn.State.Store(LamassuKind.CA, RecordedCA(scenario));

            var answer = await lamassu.CA(
                "POST", $"/v1/cas/{id}/certificates/sign", LamassuBodies.Sign(LamassuBodies.Csr("code"), LamassuBodies.Profile()));

            Assert.Equal(replayKey, lamassu.StandIn.ReplayPublicKeyPem is not null);
            if (replayKey && signs)
            {
                Assert.Equal(201, answer.Status);
                AssertSignedBy(lamassu.StandIn.ReplayPublicKeyPem!, answer.Json);
            }
            else
            {
                Assert.Equal((500, "key not found"), (answer.Status, answer.Error));
            }
        }
    }

    private static void AssertSignedBy(string publicKeyPem, JsonObject model)
    {
        using var certificate = LamassuBodies.Certificate(model["certificate"]!);
        Assert.Equal("Plain CA", certificate.GetNameInfo(System.Security.Cryptography.X509Certificates.X509NameType.SimpleName, forIssuer: true));
        using var key = ECDsa.Create();
        key.ImportFromPem(publicKeyPem);
        var outer = new System.Formats.Asn1.AsnReader(certificate.RawData, System.Formats.Asn1.AsnEncodingRules.DER).ReadSequence();
        var signed = outer.ReadEncodedValue();
        outer.ReadEncodedValue();
        Assert.True(key.VerifyData(signed.Span, outer.ReadBitString(out _), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
    }

    private static JsonObject RecordedCA(string scenario) => File
        .ReadLines(Path.Combine(AppContext.BaseDirectory, "TestData", "recordings", scenario, "lamassu-http.jsonl"))
        .Select(line => JsonNode.Parse(line)!["response"]!)
        .Select(response => response is JsonObject map ? map : JsonNode.Parse(response.GetValue<string>())!.AsObject())
        .First(response => response.ContainsKey("certificate"));
}
