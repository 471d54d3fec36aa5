/* What Java programs do: by sockets or by channels, serve one visitor or be one, and stay. */
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import jdk.net.ExtendedSocketOptions;

public class Echo {
	public static void main(String[] arguments) throws Exception {
		InetSocketAddress place = new InetSocketAddress(InetAddress.getByName("127.0.0.1"),
								Integer.parseInt(arguments[1]));
		ByteBuffer buffer = ByteBuffer.wrap("hello".getBytes());

		switch (arguments[0]) {
		case "client":
			try (Socket line = new Socket(place.getAddress(), place.getPort())) {
				line.getOutputStream().write(buffer.array());
				line.getInputStream().read();
			}
			break;
		case "stubborn-client":
			try (Socket line = new Socket(place.getAddress(), place.getPort())) {
				line.setKeepAlive(true);
				line.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 300);
				line.setKeepAlive(false);
				line.getOutputStream().write(buffer.array());
				line.getInputStream().read();
			}
			break;
		case "server":
			try (ServerSocket listener =
				     new ServerSocket(place.getPort(), 5, place.getAddress());
			     Socket line = listener.accept()) {
				line.getInputStream().transferTo(line.getOutputStream());
			}
			break;
		case "channel-client":
			try (SocketChannel line = SocketChannel.open(place)) {
				line.write(buffer);
				line.read(buffer.clear());
			}
			break;
		case "channel-server":
			try (ServerSocketChannel listener = ServerSocketChannel.open().bind(place);
			     SocketChannel line = listener.accept()) {
				while (line.read(buffer.clear()) >= 0)
					line.write(buffer.flip());
			}
			break;
		}
	}
}
